"""The house keeps its own rules: layers, sizes, imports, names, and what is generated or shipped."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

from dblint import __version__
from dblint.packs import load, own

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "dblint").rglob("*.py"))
RULES = sorted((ROOT / "rules").rglob("*.py"))
# Tables of facts may be as long as the facts are many.
TABLES = ("dblint/aws/",)


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports, anywhere in it."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_layers() -> None:
    """The contracts of pyproject.toml. A new module that names no layer fails."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


# An evaluator of expressions is one recursion, and so is a parser of expressions in templates in expressions: what is
# written in several files of it calls each other.
RECURSIVE = ("dblint.sources.terraform.evaluation.", "dblint.sources.terraform.syntax.")


def test_no_circle_of_imports() -> None:
    graph = grimp.build_graph("dblint", cache_dir=None)
    direct = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    circles = [m for m in graph.modules if any(m in graph.find_upstream_modules(d) for d in direct[m])]
    assert [module for module in circles if not module.startswith(RECURSIVE)] == []


@pytest.mark.parametrize("path", RULES, ids=relative)
def test_rules_import_nothing_but_dblint(path: Path) -> None:
    known = {"__future__", "datetime", "dblint", "ipaddress", "re"}
    assert [name for name in imports(path) if name not in known and not name.startswith("dblint.aws.")] == []


@pytest.mark.parametrize("path", [*SOURCES, *RULES], ids=relative)
def test_sizes(path: Path) -> None:
    if not relative(path).startswith(TABLES):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    for node in ast.walk(tree(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.end_lineno:
            assert node.end_lineno - node.lineno < 60, f"{node.name} has over 60 lines"


def test_most_functions_are_short() -> None:
    lengths = sorted(
        node.end_lineno - node.lineno
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and node.end_lineno
    )
    assert lengths[len(lengths) // 2] < 10


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_modules_say_what_they_are(path: Path) -> None:
    module = tree(path)
    assert not re.search(r"utils|helpers|manager", path.stem)
    if module.body:
        assert ast.get_docstring(module), "a module begins with what it is for"
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\bTODO\b|\bFIXME\b|\bXXX\b", text)
    assert text.isascii() or not re.search("[\U0001f300-\U0001faff]", text)


FENCED = "dblint/scan/cfn_lint/child.py"


def test_cfn_lint_never_reads_the_scanned_tree() -> None:
    """Its api, runner and config read .cfnlintrc from the working directory, and import what that names; only the
    fenced process runs them, in a folder of its own."""
    forbidden = ("cfnlint.api", "cfnlint.config", "cfnlint.runner")
    assert [relative(path) for path in SOURCES for name in imports(path) if name.startswith(forbidden)] == [FENCED]


def test_only_the_command_line_prints() -> None:
    for path in SOURCES:
        calls = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
        names = {node.func.id for node in calls if isinstance(node.func, ast.Name)}
        if not relative(path).startswith(("dblint/cli/", "dblint/__main__.py")):
            assert not names & {"print", "input", "exit"}, relative(path)
        if relative(path) != "dblint/records.py":  # which compiles the names of our own fields
            assert not names & {"eval", "exec", "__import__"}, relative(path)


def test_records_are_ours() -> None:
    """dblint.records has the same names, and costs a start a tenth of what dataclasses costs it."""
    users = [relative(path) for path in SOURCES for name in imports(path) if name.startswith("dataclasses")]
    assert users == ["dblint/records.py"]


def test_no_pattern_is_compiled_before_it_is_used() -> None:
    """See dblint/patterns.py: what a module compiles when it is imported, every start pays for."""
    early = [
        relative(path) for path in SOURCES if re.search(r"^\S.* re\.compile\(", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert early == []


def test_every_rule_has_its_page_and_every_page_its_rule() -> None:
    assert {path.with_suffix(".md") for path in RULES} == set((ROOT / "rules").rglob("*.md"))


def test_rules_are_named_by_their_path() -> None:
    for rule in load([own()]):
        assert rule.id == f"{rule.service}-{rule.file.stem.replace('_', '-')}"


def test_the_changelog_speaks_of_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {__version__}" in text or "## Unreleased" in text


def test_data_files_are_json() -> None:
    for path in (ROOT / "dblint").glob("*.json"):
        json.loads(path.read_text(encoding="utf-8"))


def committed() -> list[Path]:
    """Every file that git knows, or all of the source distribution where there is no repository."""
    if not (ROOT / ".git").exists():
        return [path for path in ROOT.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def test_nothing_names_the_machine_that_it_was_written_on() -> None:
    # Written in parts, so that this file does not hold what it looks for.
    places = ["/wo" + "rk/", "/ro" + "ot/", "/op" + "t/pypi", "/op" + "t/wheels", "/home/" + "runner"]
    for path in committed():
        content = path.read_bytes()
        found = [place for place in places if place.encode() in content]
        assert not found, f"{relative(path)} holds {found}"


def test_generated_pages_are_fresh() -> None:
    from tools.build_docs import RULES, rules_page

    assert RULES.read_text(encoding="utf-8") == rules_page(), "run `make docs`"
