"""Records what `terraform console` answers to the expressions of tests/terraform/console_expressions.py.

    python tools/terraform_record_console.py [SUITE...]
    python tools/terraform_record_console.py --signatures

The answers stand in tests/terraform/recorded/<suite>.json: JSON text of the value, "!" for an error, "?" for an
unknown, in the order of the expressions; "types" likewise for the suites of tables; "unknown" what the console prints
where variables have no value. The tests compare with the files, and with the binary where it is there.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent.parent / "tests" / "terraform"
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

import console_expressions  # noqa: E402
import console_heredocs  # noqa: E402

RECORDED = HERE / "recorded"
ERROR = "!"
UNKNOWN = "?"
LONGEST_LINE = 50_000


def digest(expressions: Sequence[str]) -> str:
    """What tells whether recorded answers belong to these expressions."""
    return hashlib.sha256("\n".join(expressions).encode()).hexdigest()[:16]


class Console:
    """`terraform console` in a folder of its own, with some declarations."""

    def __init__(self, declarations: str = "") -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="dblint-console-")
        (Path(self._folder.name) / "main.tf").write_bytes(declarations.encode())
        (Path(self._folder.name) / "rc").write_text("", encoding="utf-8")
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": self._folder.name,
            "TF_CLI_CONFIG_FILE": str(Path(self._folder.name) / "rc"),
            "CHECKPOINT_DISABLE": "1",
        }

    def close(self) -> None:
        self._folder.cleanup()

    def ask(self, line: str) -> str | None:
        """What is printed for one expression, its own folder as "."; None where that is an error."""
        done = subprocess.run(
            ["terraform", "console", "-no-color"],
            input=line.encode() + b"\n",
            cwd=self._folder.name,
            env=self._environment,
            capture_output=True,
            check=False,
        )
        printed = done.stdout.decode().replace(self._folder.name, ".")  # no record holds a path of this machine
        return printed if done.returncode == 0 and not done.stderr.strip() else None

    def values(self, expressions: Sequence[str]) -> list[str]:
        """The values as JSON text, "!" for errors, "?" for unknowns; many at once."""
        if not expressions:
            return []
        items = ",".join(f'try(jsonencode({expression}),"{ERROR}")' for expression in expressions)
        line = f"base64encode(jsonencode([{items}]))"
        printed = self.ask(line) if len(line) < LONGEST_LINE else None
        if printed is not None and printed.startswith('"'):
            answers: list[str] = json.loads(base64.b64decode(printed.strip().strip('"')))
            return answers
        if len(expressions) == 1:
            known = self.ask(expressions[0])
            return [UNKNOWN if known is not None and "(known after apply)" in known else ERROR]
        half = len(expressions) // 2
        return self.values(expressions[:half]) + self.values(expressions[half:])

    def types(self, expressions: Sequence[str]) -> list[str]:
        """The types, without blanks; one process each."""
        answers = (self.ask(f"type({expression})") for expression in expressions)
        return [ERROR if answer is None else re.sub(r"\s+", "", answer) for answer in answers]

    def printed(self, expressions: Sequence[str]) -> list[str]:
        """What is printed for each, "!" for errors; many at once, as the elements of a list."""
        line = f"[{', '.join(expressions)}]"
        printed = self.ask(line) if len(line) < LONGEST_LINE else None
        if printed is not None:
            items = elements(printed)
            if len(items) == len(expressions):
                return items
        if len(expressions) == 1:
            return [ERROR]
        half = len(expressions) // 2
        return self.printed(expressions[:half]) + self.printed(expressions[half:])


def elements(printed: str) -> list[str]:
    """The elements of a list as the console prints it: each begins at an indentation of two blanks."""
    lines = printed.strip().splitlines()[1:-1]
    found: list[str] = []
    for line in lines:
        if re.match(r"  [^ )}\]]", line) and not (found and "<<" in found[-1] and not _closed(found[-1])):
            found.append(line[2:])
        elif found:
            found[-1] += "\n" + line[2:] if line.startswith("  ") else "\n" + line
    return [item.rstrip().removesuffix(",") for item in found]


def _closed(text: str) -> bool:
    """Whether the heredocs of a text have ended."""
    return text.count("EOT") % 2 == 0


def record(name: str, console: Console, expressions: Sequence[str]) -> dict[str, object]:
    answers: list[str] = []
    for start in range(0, len(expressions), 150):
        answers += console.values(expressions[start : start + 150])
    recorded: dict[str, object] = {"digest": digest(expressions), "answers": answers}
    if name in ("functions", "language"):
        recorded["types"] = console.types(expressions)
    return recorded


def record_unknown(expressions: Sequence[str]) -> dict[str, object]:
    console = Console(console_expressions.DECLARATIONS)
    answers: list[str] = []
    for start in range(0, len(expressions), 40):
        answers += console.printed(expressions[start : start + 40])
    console.close()
    return {"digest": digest(expressions), "answers": answers}


def record_heredocs() -> dict[str, object]:
    texts = console_heredocs.heredocs()
    console = Console(console_heredocs.declared(texts))
    answers = console.values([f"local.h{i}" for i in range(len(texts))])
    console.close()
    return {"digest": digest(texts), "answers": answers}


def signatures() -> dict[str, str]:
    """The signatures of all functions in the words of functions/signatures.py."""
    done = subprocess.run(["terraform", "metadata", "functions", "-json"], capture_output=True, check=True)
    listed = json.loads(done.stdout)["function_signatures"]
    return {name: _signature(one) for name, one in sorted(listed.items()) if "::" not in name}


def _signature(listed: dict[str, Any]) -> str:
    parameters = [_parameter(one) for one in listed.get("parameters", [])]
    if "variadic_parameter" in listed:
        parameters.append("*" + _parameter(listed["variadic_parameter"]))
    return f"{' '.join(parameters)} -> {_type(listed['return_type'])}"


def _parameter(listed: dict[str, Any]) -> str:
    return _type(listed["type"]) + ("?" if listed.get("is_nullable") else "")


def _type(listed: Any) -> str:
    if isinstance(listed, str):
        return "any" if listed == "dynamic" else listed
    return f"{listed[0]}({_type(listed[1])})"


def main(wanted: Sequence[str]) -> None:
    RECORDED.mkdir(exist_ok=True)
    console = Console()
    for name, expressions in console_expressions.suites().items():
        if not wanted or name in wanted:
            _write(name, record(name, console, expressions))
    console.close()
    if not wanted or "unknown" in wanted:
        _write("unknown", record_unknown(console_expressions.unknowns()))
    if not wanted or "heredocs" in wanted:
        _write("heredocs", record_heredocs())


def _write(name: str, recorded: dict[str, object]) -> None:
    text = json.dumps(recorded, ensure_ascii=True, indent=0)
    (RECORDED / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    print(name, len(recorded["answers"]))  # type: ignore[arg-type]


if __name__ == "__main__":
    if sys.argv[1:] == ["--signatures"]:
        for function, text in signatures().items():
            print(f'    "{function}": "{text}",')
    else:
        main(sys.argv[1:])
