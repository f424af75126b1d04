"""What the start of dblint costs: CPU time of whole processes, against an empty Python, as a Markdown table.

Each command runs once to warm the caches (bytecode, files) and then several times; the table has the medians.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DBLINT = ("-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); from dblint.cli import process; process()")

TERRAFORM = """\
resource "aws_db_instance" "orders" {
  identifier          = "orders"
  engine              = "postgres"
  instance_class      = "db.m7g.large"
  allocated_storage   = 100
  storage_encrypted   = true
  multi_az            = false
  skip_final_snapshot = true
}
"""
TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      DBInstanceClass: db.m7g.large
      AllocatedStorage: "100"
      StorageEncrypted: true
      MultiAZ: false
"""
WITHOUT = {
    "main.tf": 'resource "aws_s3_bucket" "logs" {\n  bucket = "logs"\n}\n',
    "values.yaml": "replicas: 3\nimage: shop\n",
    "package.json": '{"name": "shop", "version": "1.0.0"}\n',
}


def cpu(arguments: Sequence[str], times: int) -> float:
    """The median of user and system time of a process, in milliseconds."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    command = [sys.executable, *arguments]
    taken = []
    for _ in range(times + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return statistics.median(taken[1:]) * 1000


def inputs(folder: Path) -> dict[str, Path]:
    """The inputs, written below a folder, by what they are called in the table."""
    files = {"one small .tf": {"main.tf": TERRAFORM}, "one small template": {"template.yaml": TEMPLATE}}
    found = {}
    for name, texts in {**files, "a folder without databases": WITHOUT}.items():
        place = folder / name.replace(" ", "-")
        place.mkdir()
        for file, text in texts.items():
            (place / file).write_text(text, encoding="utf-8")
        found[name] = place
    return found


def table(times: int) -> str:
    """The figures as Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        commands: dict[str, Sequence[str]] = {"python -c pass": ("-I", "-c", "pass")}
        commands["dblint --version"] = (*DBLINT, "--version")
        for name, path in inputs(Path(folder)).items():
            commands[f"dblint scan ({name})"] = (*DBLINT, "scan", str(path))
        figures = {name: cpu(arguments, times) for name, arguments in commands.items()}
    floor = figures["python -c pass"]
    lines = ["| command | CPU, ms | over an empty Python, ms |", "|---|---:|---:|"]
    lines += [f"| `{name}` | {figure:.0f} | {figure - floor:.0f} |" for name, figure in figures.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=15, help="how often each command runs")
    print(f"Python {sys.version.split()[0]}\n\n{table(parser.parse_args().times)}")
