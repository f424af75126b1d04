"""Heredocs and texts over several lines, which can not be typed into a console: declared as locals."""

from __future__ import annotations

import random

_PIECES = (
    *("x", "a b", "${1 + 1}", '${upper("a")}', "$${x}", "%%{ if }", "$", "%", "\\n", '"q"', "é", " {", "}", "#", "//"),
    *('${~ "s" ~}', "${~ 1}", "${2 ~}", '${["l"][0]}', '${{ a = "o" }.a}', '\\"', "$$", "%%", "${\n  1\n}"),
)
_INDENTS = ("", "", "  ", "    ", "\t", "  \t", "      ", " ")
_ENDINGS = ("\n", "\n", "\n", "\r\n")


class Heredocs:
    """Random heredocs; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def heredoc(self) -> str:
        choose = self._random.choice
        ending = choose(_ENDINGS)
        lines = [line for _ in range(self._random.randrange(6)) for line in self._lines()]
        opening = choose(("<<EOT", "<<-EOT", "<<-EOT", "<<-end-1"))
        marker = opening.lstrip("<-")
        closing = choose(("", "", "  ", "\t")) + marker + choose(("", "", " ", "\t "))
        return ending.join([opening, *lines, closing]) + ending

    def _lines(self) -> list[str]:
        """One line, or the lines of a directive and what stands in it."""
        if self._random.random() < 0.25:
            return self._directive()
        return [self._line()]

    def _line(self) -> str:
        if self._random.random() < 0.15:
            return self._random.choice(_INDENTS)
        pieces = "".join(self._random.choice(_PIECES) for _ in range(self._random.randrange(1, 4)))
        return self._random.choice(_INDENTS) + pieces

    def _directive(self) -> list[str]:
        choose = self._random.choice
        opening = choose(
            ("%{ if true }", "%{ if false ~}", "%{~ if true ~}", "%{ for v in [1, 2] }", "%{ for k, v in { a = 1 } ~}")
        )
        word = "endif" if "if" in opening else "endfor"
        inside = [self._line() for _ in range(self._random.randrange(3))]
        if word == "endif" and self._random.random() < 0.4:
            inside += ["%{ else }" + choose(("", " x", "  ")), self._line()]
        closing = choose(("%{ WORD }", "%{~ WORD ~}", "%{ WORD ~}", "%{~ WORD }")).replace("WORD", word)
        if self._random.random() < 0.2:
            return [choose(_INDENTS) + opening + "".join(inside).strip() + " " + closing]
        return [choose(_INDENTS) + opening, *inside, choose(_INDENTS) + closing + choose(("", " t"))]


def heredocs(seed: int = 20_261_121, count: int = 600) -> list[str]:
    generator = Heredocs(seed)
    return [generator.heredoc() for _ in range(count)]


def declared(texts: list[str]) -> str:
    """The texts as locals h0, h1 and so on."""
    return "locals {\n" + "".join(f"  h{i} = {text}" for i, text in enumerate(texts)) + "}\n"
