"""Processes, shards and merged reports say what one process says of all."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from dblint.reports.merging import merged
from dblint.scan import workers
from tests.cli_support import ROOT, TERRAFORM, Call, write

sys.path.insert(0, str(ROOT / "benchmarks"))
from generate import monorepo, templates

START = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from dblint.cli import main; sys.exit(main())"


def scan(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-c", START, "scan", "--no-cache", "-f", "json", ".", *arguments]
    return subprocess.run(command, check=False, cwd=folder, capture_output=True, text=True)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large")
    for files in (monorepo(60), templates(10)):
        write(folder, dict(files))
    return folder


@pytest.fixture(scope="module")
def alone(large: Path) -> str:
    done = scan(large, "-j", "1")
    assert done.returncode == 1 and not done.stderr
    return done.stdout


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
@pytest.mark.parametrize("jobs", ["2", "3", "100", "0"])
def test_several_processes_say_the_same(large: Path, alone: str, jobs: str) -> None:
    done = scan(large, "-j", jobs)
    assert (done.returncode, done.stdout, done.stderr) == (1, alone, "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
def test_what_goes_wrong_in_a_process_is_said_as_ever(large: Path, tmp_path: Path) -> None:
    write(tmp_path, dict(monorepo(60)))
    write(tmp_path, {"live/team-0/svc-3/broken.tf": 'resource "aws_db_instance" {', "modules/postgres/x.tf": "a = [\n"})
    one, two = scan(tmp_path, "-j", "1"), scan(tmp_path, "-j", "2")
    assert one.returncode == 2
    assert (two.returncode, two.stdout, two.stderr) == (2, one.stdout, one.stderr)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
def test_a_process_that_dies_is_stood_in_for(large: Path, alone: str) -> None:
    dying = "lambda root, *more: os._exit(9) if root.path[-1] == '7' else real(root, *more)"
    before = f"import os; from dblint.scan import workers; real = workers._answer; workers._answer = {dying}; "
    code = START.replace("from dblint.cli", before + "from dblint.cli")
    command = [sys.executable, "-I", "-c", code, "scan", "--no-cache", "-f", "json", ".", "-j", "2"]
    done = subprocess.run(command, check=False, cwd=large, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (1, alone, "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
def test_who_is_interrupted_leaves_nobody_behind(tmp_path: Path) -> None:
    write(tmp_path, dict(monorepo(400)))
    command = [sys.executable, "-I", "-c", START, "scan", "--no-cache", ".", "-j", "3"]
    running = subprocess.Popen(command, cwd=tmp_path, stdout=-3, stderr=-1, text=True, start_new_session=True)
    for _ in range(500):
        if len(_group(running.pid)) == 4:
            break
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    _, error = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "interrupted" in error and "Traceback" not in error
    until = time.monotonic() + 10
    while _group(running.pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert _group(running.pid) == []


def _group(leader: int) -> list[int]:
    """The processes of a group that are there."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == leader:
            found.append(int(entry.parent.name))
    return found


@pytest.mark.parametrize("parts", [1, 3])
def test_shards_joined_are_the_whole(large: Path, alone: str, parts: int) -> None:
    shards: list[tuple[str, dict[str, Any]]] = []
    for part in range(1, parts + 1):
        done = scan(large, "--shard", f"{part}/{parts}")
        shards.append(("", json.loads(done.stdout)))
    roots = [root for _, shard in shards for root in shard["run"]["roots"]]
    assert len(roots) == len(set(roots))
    joined, whole = merged(shards), json.loads(alone)
    for document in (joined, whole):
        for finding in (*document["findings"], *document["coverage"]["undetermined"]):
            finding["instances"] = sorted(one.rpartition(": ")[2] for one in finding["instances"])
            for key in ("address", "root", "labels", "evidence", "actual", "related", "breaks_if"):
                finding.pop(key)  # which are told by one of the roots
    for key in ("findings", "errors"):
        assert _sorted(joined[key]) == _sorted(whole[key])
    assert joined["summary"] == whole["summary"]
    assert joined["run"] == whole["run"]


def _sorted(items: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(item, sort_keys=True) for item in items)


def test_repositories_are_kept_apart(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"one/main.tf": TERRAFORM, "two/main.tf": TERRAFORM})
    for name in ("one", "two"):
        dblint("scan", "-f", f"json=../{name}.json", cwd=tmp_path / name)
    ended = dblint("merge", "a=one.json", "b=two.json")
    found = json.loads(ended.out)
    single = json.loads((tmp_path / "one.json").read_text())
    assert ended.code == 1
    assert found["summary"]["findings"] == 2 * single["summary"]["findings"]
    assert {label["path"] for f in found["findings"] for label in f["labels"]} == {"a/main.tf", "b/main.tf"}
    assert len({f["fingerprint"] for f in found["findings"]}) == found["summary"]["findings"]


@pytest.mark.parametrize("text", ["", "[]", '{"schema_version": "9.0"}', "[" * 100_000])
def test_what_is_no_report_is_refused(dblint: Call, tmp_path: Path, text: str) -> None:
    write(tmp_path, {"x.json": text})
    ended = dblint("merge", "x.json")
    assert ended.code == 2 and "expected a JSON report of dblint" in ended.err
    assert dblint("merge", "missing.json").code == 2


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "a/b", "1/0", "-1/2"])
def test_a_shard_is_one_of_so_many(dblint: Call, tmp_path: Path, text: str) -> None:
    write(tmp_path, {"main.tf": TERRAFORM})
    ended = dblint("scan", f"--shard={text}")
    assert ended.code == 2 and "expected K/N" in ended.err


def test_processors_are_counted() -> None:
    assert workers.processors() >= 1
