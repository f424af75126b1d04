"""The texts of `Fn::Sub`: `${Name}`, `${Name.Attribute}`, and `${!Literal}`, which stays `${Literal}`."""

from __future__ import annotations

from dblint.patterns import pattern

_HOLE = pattern(r"\$\{([^{}]*)\}")


def pieces(template: str) -> list[tuple[bool, str]]:
    """The parts of a text in order: (False, literal text) and (True, name)."""
    found: list[tuple[bool, str]] = []
    at = 0
    for hole in _HOLE.finditer(template):
        name = hole.group(1).strip()
        found.append((False, template[at : hole.start()]))
        found.append((False, f"${{{name[1:]}}}") if name.startswith("!") else (True, name))
        at = hole.end()
    found.append((False, template[at:]))
    return [piece for piece in found if piece[1]]


def names(template: str) -> list[str]:
    """The names that a text asks for."""
    return [name for is_name, name in pieces(template) if is_name]
