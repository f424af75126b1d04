"""`--absolute-paths`: where things are on this machine, in every format; what they are known by stays the same."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import jsonschema
import pytest

from dblint.reports import FORMATS
from tests.cli_support import ROOT, TEMPLATE, TERRAFORM, Call, Ended, write

STEERED = TERRAFORM.replace("multi_az                  = false", "multi_az                  = var.ha")
SECRET = TERRAFORM.replace("multi_az ", 'password = "hunter2hunter2"\n  multi_az ')
FILES: dict[str, str | bytes] = {
    "envs/prod/main.tf": STEERED + 'variable "ha" {}\n',
    "envs/prod/prod.tfvars": "ha = false\n",
    "main.tf": SECRET,
    "stacks/ä b.yaml": TEMPLATE,
    "broken/main.tf": TERRAFORM + "x {\n",
    "off/main.tf": TERRAFORM.replace("{", "{ # dblint: ignore[rds-single-az] known", 1),
    "dblint.toml": "",
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "shop/.git").mkdir(parents=True)
    return write(tmp_path / "shop", FILES)


def both(dblint: Call, shop: Path, *arguments: str) -> tuple[Ended, Ended]:
    """The same scan with the paths of the project, and with those of the machine."""
    arguments = ("scan", "--show-suppressed", "--show-coverage", *arguments)
    return dblint(*arguments, cwd=shop), dblint(*arguments, "--absolute-paths", cwd=shop)


# Templates are roots, too, and these are known by their paths in the project.
PATH = re.compile(r"(?:envs/prod|broken|off)/\w+\.tf(?:vars)?")


@pytest.mark.parametrize("format", [format for format in FORMATS if format != "sarif"])
def test_every_path_is_absolute(dblint: Call, shop: Path, format: str) -> None:
    plain, absolute = both(dblint, shop, "-f", format)
    assert plain.code == absolute.code == 2
    head = f"{shop}/"
    assert head not in plain.out + plain.err
    told = absolute.out.replace("\\_", "_")  # as Markdown has it
    assert len(PATH.findall(told)) == len(PATH.findall(plain.out)) > 2
    assert absolute.err.startswith(f"error: {head}broken/main.tf:") and absolute.err.replace(head, "") == plain.err
    for match in PATH.finditer(told):
        assert told[: match.start()].endswith(head), told[match.start() - 80 : match.end()]
    assert "hunter2" not in absolute.out


def without_paths(value: Any, head: str) -> Any:
    """A report in which absolute paths are those of the project again."""
    if isinstance(value, dict):
        return {key: without_paths(inner, head) for key, inner in value.items()}
    if isinstance(value, list):
        return [without_paths(inner, head) for inner in value]
    return value.replace(head, "") if isinstance(value, str) else value


@pytest.mark.parametrize("format", ["json", "gitlab"])
def test_nothing_but_paths_changes(dblint: Call, shop: Path, format: str) -> None:
    plain, absolute = (json.loads(ended.out) for ended in both(dblint, shop, "-f", format))
    assert absolute != plain and without_paths(absolute, f"{shop}/") == plain


def test_the_schema_holds_and_roots_are_names(dblint: Call, shop: Path) -> None:
    report = json.loads(both(dblint, shop, "-f", "json")[1].out)
    jsonschema.validate(report, json.loads((ROOT / "dblint/report.schema.json").read_text()))
    assert report["run"]["roots"] == [".", "broken", "envs/prod", "off", "stacks/ä b.yaml"]
    assert report["run"]["config"] == f"{shop}/dblint.toml"
    assert {finding["root"] for finding in report["findings"]} <= set(report["run"]["roots"])


def test_sarif_has_them_in_its_base(dblint: Call, shop: Path) -> None:
    """Services that compare runs of several machines go by the paths below the base, which stay as they are."""
    plain, absolute = (json.loads(ended.out)["runs"][0] for ended in both(dblint, shop, "-f", "sarif"))
    base = absolute["originalUriBaseIds"]["SRCROOT"].pop("uri")
    assert absolute == plain and base.endswith("/")
    places = [place["physicalLocation"] for result in absolute["results"] for place in result["locations"]]
    for place in places:
        assert place["artifactLocation"]["uriBaseId"] == "SRCROOT"
        assert Path(unquote(urlparse(base + place["artifactLocation"]["uri"]).path)).is_file()
    assert len(places) > 2


def test_what_is_listed(dblint: Call, shop: Path) -> None:
    plain, absolute = (ended.out.splitlines() for ended in both(dblint, shop, "--show-files"))
    assert absolute == [f"{shop}/{path}" for path in plain] and len(plain) == 6


def test_what_is_no_path_stays(dblint: Call, shop: Path) -> None:
    plain, absolute = both(dblint, shop, "--select", "unknown-rule")
    assert plain.err == absolute.err and absolute.code == 2
    assert dblint("scan", "missing.tf", "--absolute-paths", cwd=shop).err.startswith("error: missing.tf: no such file")


def test_standard_input_has_the_path_that_it_is_given(dblint: Call, shop: Path) -> None:
    command = ("scan", "-f", "concise", "--absolute-paths", "--stdin-filename", "new/x.tf", "-")
    assert dblint(*command, cwd=shop, stdin=TERRAFORM.encode()).out.startswith(f"{shop}/new/x.tf:9:3:")


def test_warnings_have_them(dblint: Call, shop: Path) -> None:
    write(shop, {"off/main.tf": "# dblint: ignore[rds-single-azz] known\n" + TERRAFORM})
    plain, absolute = both(dblint, shop)
    assert f"warning: {shop}/off/main.tf:1" in absolute.err and "warning: off/main.tf:1" in plain.err
