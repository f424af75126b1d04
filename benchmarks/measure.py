"""What dblint costs beside the cost of doing nothing, of reading the bytes, of parsing them, and beside its peers.

Every command of a case runs in turn, several times over, as whole processes: so a machine that is busy for a while is
busy for all of them. The table has medians, and ratios to the first command of the case. Peers are measured where they
are on PATH, or where CHECKOV, CFN_LINT and C7N_LEFT say.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generate import monorepo, templates, without, write
from start import TEMPLATE, TERRAFORM

ROOT = Path(__file__).resolve().parent.parent
POSTGRES = ROOT.parent / "shared" / "corpus" / "terraform" / "terraform-aws-rds"
START = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from dblint.cli import process; process()"
DBLINT = (sys.executable, "-I", "-c", START)
PASS = (sys.executable, "-I", "-c", "pass")
READ = "import os, sys\nfor top, _, names in os.walk(sys.argv[1]):\n for name in names:\n  "
READ_ALL = READ + "open(os.path.join(top, name), 'rb').read()"
PARSE_HCL = "import hcl2\n" + READ + "name.endswith('.tf') and hcl2.load(open(os.path.join(top, name)))"
PARSE_YAML = (
    "import yaml\n" + READ + "name.endswith('.yaml') and list(yaml.parse(open(os.path.join(top, name)), yaml.CLoader))"
)
SECONDS = 900
HEAD = "| case | command | CPU, ms | ratio | wall, ms | memory, MB | runs |\n|---|---|---:|---:|---:|---:|---:|"


@dataclass(frozen=True)
class Cost:
    """CPU (user and system) and wall time in seconds, and the most memory of one process in MB."""

    cpu: float
    wall: float
    memory: float


@dataclass(frozen=True)
class Case:
    """An input, the commands to run on it in turn (the first one is what the others are measured by), and what is done
    before each."""

    name: str
    commands: Mapping[str, Sequence[str]]
    times: int
    before: Mapping[str, Sequence[str]]


def measured(command: Sequence[str]) -> Cost | None:
    """One run; None where it does not end in time. What it says and its code do not matter here."""
    code = (
        "import json, os, resource, subprocess, sys, time\n"
        "begin = time.monotonic()\n"
        "try: subprocess.run(sys.argv[2:], stdout=-3, stderr=-3, timeout=float(sys.argv[1]))\n"
        "except subprocess.TimeoutExpired: sys.exit(1)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_utime + used.ru_stime, time.monotonic() - begin, used.ru_maxrss / 1024)\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, str(SECONDS), *command], capture_output=True, text=True, check=False
    )
    if done.returncode:
        return None
    return Cost(*map(float, done.stdout.split()))


def peers(kinds: Iterable[str], folder: Path) -> dict[str, Sequence[str]]:
    """The commands of the peers that are there."""
    found: dict[str, Sequence[str]] = {}
    checkov = os.environ.get("CHECKOV") or shutil.which("checkov")
    if checkov and "checkov" in kinds:
        found["checkov"] = (checkov, "-d", str(folder), "--quiet", "--compact", "--skip-download")
    cfn_lint = os.environ.get("CFN_LINT") or shutil.which("cfn-lint")
    if cfn_lint and "cfn-lint" in kinds:
        found["cfn-lint"] = (cfn_lint, f"{folder}/**/*.yaml")
    left = os.environ.get("C7N_LEFT") or shutil.which("c7n-left")
    if left and "c7n-left" in kinds:
        policies = folder.parent / "policies"
        policies.mkdir(exist_ok=True)
        policy = (
            "policies:\n  - name: encrypted\n    resource: terraform.aws_db_instance\n"
            "    filters:\n      - storage_encrypted: false\n"
        )
        (policies / "policy.yaml").write_text(policy)
        found["c7n-left"] = (left, "run", "-p", str(policies), "-d", str(folder))
    return found


def ours(folder: Path, work: Path) -> dict[str, Sequence[str]]:
    """dblint with nothing kept, and with the result of the run before."""
    cache = str(work / "cache")
    scan = (*DBLINT, "scan", str(folder))
    return {"dblint, cold": (*scan, "--no-cache"), "dblint, warm": (*scan, "--cache-dir", cache)}


def cases(work: Path, times: int, large: bool) -> Iterable[Case]:
    """All cases; `large` adds those that take minutes."""
    inputs = {"small .tf": {"main.tf": TERRAFORM}, "small template": {"template.yaml": TEMPLATE}}
    for name, files in inputs.items():
        folder = work / name.replace(" ", "-")
        write(iter(files.items()), folder)
        other = ("checkov", "c7n-left") if name.endswith("tf") else ("checkov", "cfn-lint")
        yield Case(name, {"python -c pass": PASS, **ours(folder, work), **peers(other, folder)}, times, {})
    if POSTGRES.is_dir():
        copy = work / "rds"
        shutil.copytree(POSTGRES, copy)
        (copy / ".git").mkdir(exist_ok=True)  # so that the example may call the module above it
        folder = copy / "examples" / "complete-postgres"
        yield Case(
            "complete-postgres of terraform-aws-rds",
            {"python -c pass": PASS, **ours(folder, work), **peers(("checkov",), folder)},
            times,
            {},
        )
    yield from _sized("without", 5000, work, times, ())
    for count in (10, 100, 1000, 5000) if large else (10, 100):
        yield from _sized("monorepo", count, work, times if count < 1000 else 3, ("checkov",) if count <= 1000 else ())
    for count in (100, 1000) if large else (100,):
        yield from _sized("templates", count, work, 3, ("cfn-lint",) if count <= 100 else ())


def _sized(kind: str, count: int, work: Path, times: int, other: Sequence[str]) -> Iterable[Case]:
    folder = work / f"{kind}-{count}"
    write({"monorepo": monorepo, "templates": templates, "without": without}[kind](count), folder)
    commands: dict[str, Sequence[str]] = {
        "reading all bytes": (*PASS[:3], READ_ALL, str(folder)),
        **ours(folder, work),
    }
    before: dict[str, Sequence[str]] = {}
    changed = {"monorepo": "live/team-0/svc-6/main.tf", "templates": "stacks/team-0/svc-6.yaml"}.get(kind)
    if changed:
        commands["dblint, one file changed"] = commands["dblint, warm"]
        path = str(folder / changed)
        before["dblint, one file changed"] = (*PASS[:3], f"open({path!r}, 'a').write('# changed\\n')")
        commands["dblint, cold, one process"] = (*commands["dblint, cold"], "-j", "1")  # for its memory
    if kind == "monorepo" and count <= 100:
        commands["python-hcl2, all files"] = (*PASS[:3], PARSE_HCL, str(folder))
    if kind == "templates":
        commands["libyaml's events, all files"] = (*PASS[:3], PARSE_YAML, str(folder))
    yield Case(f"{kind}, {count}", {**commands, **peers(other, folder)}, times, before)


def rows(case: Case) -> Iterable[str]:
    """The case as rows of the table."""
    costs: dict[str, list[Cost]] = {name: [] for name in case.commands}
    for turn in range(case.times + 1):  # the first one warms what is not measured: files, bytecode, the cache
        for name, command in case.commands.items():
            if turn > 1 and name not in ("python -c pass", "reading all bytes") and not name.startswith("dblint"):
                continue  # one counted run of what takes so much longer
            if name in case.before:
                subprocess.run(case.before[name], check=True)
            cost = measured(command)
            if cost and turn:
                costs[name].append(cost)
    first = next(iter(costs.values()))
    floor = statistics.median(cost.cpu for cost in first)
    for name, found in costs.items():
        if not found:
            yield f"| {case.name} | {name} | more than {SECONDS} s | | | | |"
            continue
        cpu = statistics.median(cost.cpu for cost in found)
        wall = statistics.median(cost.wall for cost in found)
        memory = statistics.median(cost.memory for cost in found)
        figures = f"{cpu * 1000:,.0f} | {cpu / floor:,.1f} | {wall * 1000:,.0f} | {memory:,.0f} | {len(found)}"
        yield f"| {case.name} | {name} | {figures} |"


def machine() -> str:
    """The machine in a line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    hardware = f"{platform.system()} on {platform.machine()}, {os.cpu_count()} processors, {memory:.0f} GB"
    return f"{hardware}, CPython {platform.python_version()}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=7, help="counted runs of each command")
    parser.add_argument("--large", action="store_true", help="also what takes minutes")
    parser.add_argument("--only", default="", help="cases whose name begins like this")
    asked = parser.parse_args()
    print(f"{machine()}\n\n{HEAD}")
    with tempfile.TemporaryDirectory() as place:
        for case in cases(Path(place), asked.times, asked.large):
            if case.name.startswith(asked.only):
                for row in rows(case):
                    print(row, flush=True)
