"""Many repositories on a cluster say what each says alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dblint.integrations.cluster import scan_all, scan_one
from tests.cli_support import TEMPLATE, TERRAFORM, write


class Future:
    def __init__(self, value: Any) -> None:
        self.value = value


class Alone:
    """A cluster of one: what is asked of `dask.distributed.Client`, at once and here."""

    def submit(self, function: Any, *arguments: Any, pure: bool) -> Future:
        return Future(function(*arguments))

    def gather(self, futures: list[Future]) -> list[Any]:
        return [future.value for future in futures]


@pytest.fixture
def repositories(tmp_path: Path) -> dict[str, str]:
    write(tmp_path, {"shop/main.tf": TERRAFORM, "billing/template.yaml": TEMPLATE, "empty/README.md": ""})
    return {name: str(tmp_path / name) for name in ("shop", "billing", "empty", "missing")}


def check(report: dict[str, Any], repositories: dict[str, str]) -> None:
    alone = {name: scan_one(folder) for name, folder in repositories.items()}
    assert report["summary"]["findings"] == sum(one["summary"]["findings"] for one in alone.values()) > 2
    assert {label["path"].split("/")[0] for f in report["findings"] for label in f["labels"]} == {"shop", "billing"}
    assert report["run"]["exit_code"] == 2 and len(report["errors"]) == 1
    assert report["errors"][0]["path"].startswith("missing/")


def test_a_repository_is_scanned_by_a_process(repositories: dict[str, str]) -> None:
    check(scan_all(Alone(), repositories, ["--no-cache"]), repositories)
    with pytest.raises(ValueError, match="at least one folder"):
        scan_all(Alone(), {})


def test_options_that_are_refused_are_an_error_of_the_report(repositories: dict[str, str]) -> None:
    report = scan_all(Alone(), {"shop": repositories["shop"]}, ["--select", "no-such-rule"])
    assert report["run"]["exit_code"] == 2 and "no-such-rule" in report["errors"][0]["message"]


@pytest.mark.slow
def test_a_cluster_of_dask(repositories: dict[str, str]) -> None:
    distributed = pytest.importorskip("distributed", reason="dblint[cluster] is not installed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        check(scan_all(client, repositories, ["--no-cache"]), repositories)
