"""`--timing`: seconds by stage, and no clock for who does not ask."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from dblint import stopwatch
from dblint.reports import FORMATS
from tests.cli_support import ROOT, TEMPLATE, TERRAFORM, Call, write

BOTH = {"main.tf": TERRAFORM, "template.yaml": TEMPLATE}
MET = {"start", "settings", "walk", "rules", "prefilter", "scan", "parse", "evaluate", "judge", "report"}


class Hands:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def perf_counter(self) -> float:
        return self.now

    def process_time(self) -> float:
        return 2.0


def test_a_stage_within_a_stage_counts_for_the_inner_one(monkeypatch: pytest.MonkeyPatch) -> None:
    hands = Hands()
    monkeypatch.setattr(stopwatch, "time", hands)

    @stopwatch.timed("parse")
    def inner(depth: int) -> None:
        hands.now += 1
        if depth:
            inner(depth - 1)

    @stopwatch.timed("evaluate")
    def outer() -> str:
        hands.now += 4
        inner(2)
        hands.now += 0.5
        raise ValueError

    assert stopwatch.read() == {}
    stopwatch.start()
    hands.now += 8
    with pytest.raises(ValueError):
        outer()
    stopwatch.add({"judge": 32.0, "parse": 16.0})
    assert stopwatch.read() == {
        "start": 2.0,
        "parse": 19.0,
        "evaluate": 4.5,
        "judge": 32.0,
        "other": 8.0,
        "total": 17.5,
    }
    assert stopwatch.taken()["parse"] == 19.0 and stopwatch.taken() == {"other": 0.0}
    stopwatch.stop()
    assert stopwatch.taken() == stopwatch.read() == {}
    assert inner(1) is None


def test_who_does_not_ask_sees_no_clock(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, BOTH)
    dblint("scan", "--timing")
    for format in FORMATS:
        ended = dblint("scan", "-f", format)
        assert "timing" not in ended.out and ended.err == ""


@pytest.mark.parametrize("format", FORMATS)
def test_all_stages_are_told_on_standard_error(dblint: Call, tmp_path: Path, format: str) -> None:
    write(tmp_path, BOTH)
    ended = dblint("scan", "-f", format, "--timing")
    assert ended.err.startswith("seconds: start ") and ended.err.count("\n") == 1
    told = dict(part.split(" ") for part in ended.err.removeprefix("seconds: ").strip().split(", "))
    assert {*MET, "total"} <= told.keys() <= {*stopwatch.STAGES, "total"}
    assert abs(sum(float(told[stage]) for stage in told.keys() - {"total"}) - float(told["total"])) < 0.01


def test_machine_formats_hold_them(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, BOTH)
    report = json.loads(dblint("scan", "-f", "json", "--timing").out)
    jsonschema.validate(report, json.loads((ROOT / "dblint/report.schema.json").read_text()))
    assert MET - {"report"} <= report["timing"].keys() and report["timing"]["total"] > 0
    lines = [json.loads(line) for line in dblint("scan", "-f", "json-lines", "--timing").out.splitlines()]
    assert MET - {"report"} <= next(line for line in lines if line["type"] == "timing").keys()
    [run] = json.loads(dblint("scan", "-f", "sarif", "--timing").out)["runs"]
    assert MET - {"report"} <= run["invocations"][0]["properties"]["timing"].keys()
    assert float(ElementTree.fromstring(dblint("scan", "-f", "junit", "--timing").out).attrib["time"]) > 0


def test_nothing_else_changes(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, BOTH)
    plain, timed = dblint("scan", "-f", "json"), dblint("scan", "-f", "json", "--timing")
    report = json.loads(timed.out)
    del report["timing"]
    assert report == json.loads(plain.out) and timed.code == plain.code


def test_other_processes_tell_theirs(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {f"r{number}/main.tf": TERRAFORM for number in range(40)})
    alone = json.loads(dblint("scan", "-f", "json", "--timing", "--jobs", "1").out)["timing"]
    together = json.loads(dblint("scan", "-f", "json", "--timing", "--jobs", "2").out)["timing"]
    assert "waiting" not in alone and together["waiting"] > 0
    assert {"scan", "evaluate", "judge"} <= alone.keys() & together.keys()
    assert together["judge"] > alone["judge"] / 20


def test_an_error_stops_the_clock(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, BOTH)
    assert dblint("scan", "--timing", "--select", "unknown").code == 2
    assert "seconds" not in dblint("scan").err
