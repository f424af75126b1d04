"""Facts that are extracted from the data of cfn-lint: fresh, and what is made of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dblint.aws.rds.engines import is_deprecated
from dblint.facts import rds_engines, rds_instance_classes, regions_without
from tests.cli_support import ROOT
from tools.build_facts import BUILT, recorded, source


@pytest.mark.parametrize("path", BUILT, ids=lambda path: path.name)
def test_facts_are_fresh(path: Path) -> None:
    if recorded(path) != source():
        pytest.skip(f"the facts are those of {recorded(path)}, and {source()} is installed")
    assert path.read_text(encoding="utf-8") == BUILT[path](), "run `make facts`"


def test_facts_are_small_and_read_when_they_are_needed() -> None:
    assert sum(path.stat().st_size for path in BUILT if "dblint" in path.relative_to(ROOT).parts[0]) < 50_000
    code = "import sys; from dblint.aws import rds; sys.exit(dblint.facts.rds_engines.cache_info().currsize)"
    subprocess.run([sys.executable, "-c", f"import dblint.facts; {code}"], cwd=ROOT, check=True)


def test_what_is_deprecated_is_known() -> None:
    assert sorted(rds_engines()) == ["aurora-mysql", "aurora-postgresql", "mysql", "postgres"]
    for facts in rds_engines().values():
        assert set(facts["deprecated"]) < set(facts["versions"])


def test_classes_of_instances_are_those_of_the_engine() -> None:
    classes = rds_instance_classes()
    assert {"mysql", "mariadb", "postgres", "oracle-ee", "sqlserver-ex", "aurora-postgresql"} <= set(classes)
    assert "db.r6g.large" in classes["postgres"]
    assert "db.r6g.large" not in classes["sqlserver-se"]
    assert all(name.startswith("db.") for names in classes.values() for name in names)


def test_regions_that_lack_a_type() -> None:
    gaps = regions_without()
    assert "ca-central-1" in gaps["AWS::DAX::Cluster"]
    assert not {"us-east-1", "eu-west-1"} & gaps["AWS::DAX::Cluster"]
    assert "AWS::DynamoDB::Table" not in gaps


@pytest.mark.parametrize(
    ("engine", "version", "deprecated"),
    [
        ("postgres", "9.6.20", True),
        ("postgres", "9.6", True),
        ("postgres", "9.2.1", True),
        ("postgres", "17", False),
        ("postgres", "99.1", False),
        ("mysql", "5.7.44", True),
        ("mysql", "5.7.22", True),
        ("mysql", "5.1.73", True),
        ("mysql", "5.6", True),
        ("mysql", "8.4", False),
        ("aurora-mysql", "5.7.mysql_aurora.2.07.2", True),
        ("aurora-mysql", "8.0", False),
        ("aurora-mysql", "5.6.10a", True),
        ("mariadb", "10.0.1", False),
        ("postgres", None, False),
        (None, "9.6", False),
    ],
)
def test_deprecated_versions(engine: str | None, version: str | None, deprecated: bool) -> None:
    assert is_deprecated(engine, version) is deprecated
