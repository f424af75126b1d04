"""The page: what is in it, that nothing breaks out of it, and (where Chromium is installed) that it works."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from dblint.model import Problem, Ref
from dblint.records import replace
from dblint.reports import render
from dblint.reports.html.layout import groups
from dblint.reports.shown import Shown
from dblint.result import Result
from dblint.sources.files import Files
from dblint.topology import Topology, merged, topology_of
from tests.cli_support import Call, write
from tests.fake_source import FakeRoot, database, deployment, result_of
from tests.report_support import TEXTS, everything, roots, settings
from tests.test_topology import HOSTILE, PROJECT

VOID = {"input", "link", "meta", "wbr"}


class Reader(HTMLParser):
    """Reads a page strictly: every element is closed in its turn, and no id stands twice."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert len(attributes) == len(dict(attributes)), "an attribute stands once"
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] not in (["style"], ["script"]):
            self.texts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    return reader


def topologies(root: FakeRoot) -> tuple[Topology, ...]:
    return tuple(merged(topology_of(made, (made.name,)) for made in root.made))


def page(result: Result, *drawn: Topology) -> str:
    return render("html", result, Shown(Files.of(TEXTS), topologies=drawn, suppressed=True))


EVERYTHING = page(everything(), *topologies(roots()))


def test_everything_is_told() -> None:
    reader = read(EVERYTHING)
    findings = [attributes for tag, attributes in reader.tags if attributes.get("class") == "finding"]
    assert [(found["data-rule"], found["data-severity"], found["data-service"]) for found in findings] == [
        ("rds-plaintext-master-password", "critical", "RDS"),
        ("rds-single-az", "high", "RDS"),
    ]
    assert findings[1]["data-in"] == '["prod"]'
    for text in ("expected a block, found }", "fails: prod", "passes: dev", "Not checked (2)", "Suppressed (1)"):
        assert text in reader.text
    assert "Rebuilt nightly" in reader.text
    assert "this result is not complete" in reader.text
    assert "hunter2" not in EVERYTHING


def test_the_source_is_marked_where_the_value_is() -> None:
    assert '<code>orders_multi_az = <mark class="primary">false</mark></code>' in EVERYTHING
    assert "set for variable orders_multi_az in prod.tfvars" in EVERYTHING


def test_what_is_shown_is_not_told_twice() -> None:
    audit = everything(**settings('profile = "audit"'))  # type: ignore[arg-type]
    assert audit.undetermined
    text = read(page(audit, *topologies(roots()))).text
    assert "Not checked (1)" in text, "the module alone: what is undetermined stands among the findings"


def test_boxes_have_the_number_of_their_findings() -> None:
    boxes = EVERYTHING[EVERYTHING.index('id="databases"') : EVERYTHING.index('id="findings"')]
    orders = boxes[boxes.index("orders</h5>") :]
    chips = re.findall(r'<a class="severity (\w+)" href="#findings" data-address="([^"]+)">(\d)', orders)
    assert chips == [("critical", "aws_db_instance.orders", "1"), ("high", "aws_db_instance.orders", "1")]


def test_nothing_is_fetched_and_nothing_else_runs() -> None:
    reader = read(EVERYTHING)
    policy = next(a["content"] for _, a in reader.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy and policy.startswith("default-src 'none';") and "unsafe" not in policy
    for tag in ("style", "script"):
        [content] = re.findall(rf"<{tag}>(.*?)</{tag}>", EVERYTHING, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
        assert not re.search(r"https?:|@import|url\((?!#)|fetch\(|XMLHttp|innerHTML|eval\(", content.replace(SVG, ""))
    for tag, attributes in reader.tags:
        assert not any(name.startswith("on") or name == "style" for name in attributes), tag
        assert all(
            (value or "").startswith(("#", "data:,")) for name, value in attributes.items() if name in ("href", "src")
        )


SVG = '"http://www.w3.org/2000/svg"'


def named(name: str) -> FakeRoot:
    """A root in which a name stands wherever a scanned file can put one."""
    one = database(address=name, file=f"dir/{name}.tf", MultiAZ=False, Engine=name)
    two = database(address=f"{name}2", SourceDBInstanceIdentifier=Ref((name,)), line=3)
    problems = [Problem(name, name, hint=name)]
    return FakeRoot(name, [deployment(one, two, name=name, root=name)], [name], problems=problems)


def tags(name: str) -> list[tuple[str, list[str]]]:
    root = named(name)
    reader = read(page(result_of({"main.tf": ""}, root), *topologies(root)))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", reader.text)
    return [(tag, sorted(attributes)) for tag, attributes in reader.tags if tag != "wbr"]


@pytest.mark.parametrize("name", [*HOSTILE, "</script><script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_a_hostile_name_stays_a_text(name: str) -> None:
    assert tags(name) == tags("name")


def test_what_is_tied_stands_in_the_order_in_which_data_flows() -> None:
    source = database("a")
    made = [source, *(database(n, SourceDBInstanceIdentifier=Ref((f"aws_db_instance.{s}",))) for n, s in ("cb", "ba"))]
    [group, alone] = groups(topology_of(deployment(*made, database("z")), ("default",)))
    columns = [[box.node.address for box in column] for column in group.columns]
    assert columns == [["aws_db_instance.a"], ["aws_db_instance.b"], ["aws_db_instance.c"]]
    assert [box.node.address for box in alone.boxes()] == ["aws_db_instance.z"]


def test_a_circle_is_drawn() -> None:
    one = database("one", SourceDBInstanceIdentifier=Ref(("aws_db_instance.two",)))
    two = database("two", SourceDBInstanceIdentifier=Ref(("aws_db_instance.one",)))
    [group] = groups(topology_of(deployment(one, two), ("default",)))
    assert len(list(group.boxes())) == 2


def test_graph_makes_a_page_of_the_databases_alone(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, PROJECT)
    ended = dblint("graph", "-f", "html")
    reader = read(ended.out)
    assert ended.code == 0
    assert "10 database resources in 1 root" in reader.text
    assert not any(attributes.get("class") == "finding" for _, attributes in reader.tags)


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--virtual-time-budget=3000",
    "--window-size=1280,1000",
    "--dump-dom",
)
# What a person does on the page, and what there is to see afterwards.
PROBE = """
const seen = () => [...document.querySelectorAll('.finding')].filter((f) => !f.hidden).map((f) => f.dataset.rule);
const form = document.querySelector('.filters');
const set = (name, value) => {
  form.elements[name].value = value;
  form.dispatchEvent(new Event('input', { bubbles: true }));
};
const out = { all: seen(), form: !form.hidden, lines: document.querySelectorAll('.group path').length };
set('rule', 'rds-single-az');
out.rule = seen();
set('rule', '');
form.querySelector('[value=critical]').click();
out.severity = seen();
form.querySelector('[value=critical]').click();
set('text', 'ORDERS_multi');
out.text = seen();
out.count = form.querySelector('output').value;
set('text', 'nothing of the kind');
out.none = [seen().length, document.querySelector('.none').hidden];
set('text', '');
set('scenario', 'dev');
out.dev = seen();
set('scenario', 'prod');
out.prod = seen();
document.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true }));
out.focus = document.activeElement.name;
set('scenario', '');
document.querySelector('[data-address]').click();
out.chip = form.elements.text.value;
document.title = JSON.stringify(out);
"""


@pytest.mark.skipif(not CHROMIUM, reason="no Chromium is installed")
def test_the_page_in_a_browser(tmp_path: Path) -> None:
    replica = database("copy", file="envs/main.tf", SourceDBInstanceIdentifier=Ref(("aws_db_instance.orders",)), line=9)
    root = roots()
    root.made = [replace(made, resources=(*made.resources, replica)) for made in root.made]
    text = page(everything(), *topologies(root))
    digest = base64.b64encode(hashlib.sha256(PROBE.encode()).digest()).decode()
    text = text.replace("script-src ", f"script-src &#x27;sha256-{digest}&#x27; ", 1)
    file = tmp_path / "page.html"
    file.write_text(text.replace("</body>", f"<script>{PROBE}</script></body>"), encoding="utf-8")
    done = subprocess.run(
        [str(CHROMIUM), *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", file.as_uri()],
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert not re.search(rb"Refused to|Uncaught|violates the following", done.stderr), done.stderr[-2000:]
    [title] = re.findall("<title>(.*?)</title>", done.stdout.decode())
    out = json.loads(html.unescape(title))
    everything_found = out.pop("all")
    assert "rds-single-az" in everything_found and "rds-plaintext-master-password" in everything_found
    assert out == {
        "form": True,
        "lines": 2,
        "rule": ["rds-single-az"],
        "severity": [rule for rule in everything_found if rule != "rds-plaintext-master-password"],
        "text": ["rds-single-az"],
        "count": f"1 of {len(everything_found)} findings",
        "none": [0, False],
        "dev": [],
        "prod": everything_found,
        "focus": "text",
        "chip": "aws_db_instance.orders",
    }
