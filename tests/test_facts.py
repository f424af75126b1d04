"""Facts that are extracted from the data of cfn-lint: fresh, and what is made of them."""

from __future__ import annotations

import pytest

from dblint.aws.rds.engines import is_deprecated
from dblint.facts import rds_engines
from tools.build_facts import RDS_ENGINES, recorded, source
from tools.build_facts import rds_engines as built


@pytest.mark.skipif(recorded() != source(), reason=f"the facts are those of {recorded()}, and {source()} is installed")
def test_the_versions_of_engines_are_fresh() -> None:
    assert RDS_ENGINES.read_text(encoding="utf-8") == built(), "run `make facts`"


def test_what_is_deprecated_is_known() -> None:
    assert sorted(rds_engines()) == ["aurora-mysql", "aurora-postgresql", "mysql", "postgres"]
    for facts in rds_engines().values():
        assert set(facts["deprecated"]) < set(facts["versions"])


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
