"""A run that has something of everything, for the tests of the reports."""

from __future__ import annotations

from collections.abc import Mapping

from dblint.model import Location, Note, Origin, Problem, Trace, Unknown, Variable
from dblint.records import replace
from dblint.reports import render
from dblint.reports.shown import Shown
from dblint.reports.style import Style
from dblint.result import Result
from dblint.sources.files import Files
from tests.fake_source import FakeRoot, database, deployment, result_of
from tests.settings_support import settings_of

TEXTS: Mapping[str, str] = {
    "envs/main.tf": (
        'resource "aws_db_instance" "orders" {\n'
        '  engine   = "postgres"\n'
        '  password = "hunter2hunter2"\n'
        "  multi_az = var.orders_multi_az\n"
        "}\n"
        "\n"
        "# dblint: ignore[rds-single-az] rebuilt nightly\n"
        'resource "aws_db_instance" "reports" {\n'
        "  multi_az = false\n"
        "}\n"
        'resource "aws_db_instance" "maybe" {\n'
        "  multi_az = var.ha\n"
        "}\n"
        "# dblint: ignore[rds-singel-az] typo\n"
    ),
    "envs/prod.tfvars": "\norders_multi_az = false\n",
}


def span(file: str, line: int, column: int, end: int) -> Location:
    return Location(file, line, column, line, end)


def roots() -> FakeRoot:
    written = span("envs/main.tf", 4, 3, 33)
    origin = Origin(span("envs/prod.tfvars", 2, 19, 24), "set for variable orders_multi_az in prod.tfvars")
    ha = Unknown("var.ha", variable=Variable("var.ha", "var.ha", domain=(True, False)))
    passing = database("orders", file="envs/main.tf")
    orders = database(
        "orders",
        file="envs/main.tf",
        MultiAZ=False,
        MasterUserPassword="hunter2hunter2",
        trace={
            "MultiAZ": Trace(written, (origin,)),
            "MasterUserPassword": Trace(span("envs/main.tf", 3, 3, 30)),
        },
    )
    reports = database("reports", file="envs/main.tf", line=8, MultiAZ=False)
    maybe = database("maybe", file="envs/main.tf", line=11, MultiAZ=ha)
    return FakeRoot(
        "envs",
        made=[
            deployment(orders, reports, maybe, name="prod", root="envs"),
            deployment(passing, reports, maybe, name="dev", root="envs"),
        ],
        names=["prod", "dev"],
        files=set(TEXTS),
        problems=[Problem("envs/broken.tf", "expected a block, found }", 3, 1, hint="remove it")],
        notes=[Note("envs/main.tf", "module.cache is not installed (run `terraform init`)", "module", 12)],
    )


def everything(**more: object) -> Result:
    return result_of(TEXTS, roots(), **more)  # type: ignore[arg-type]


def settings(text: str) -> dict[str, object]:
    return {"settings": settings_of(text)}


def report(format: str, result: Result, **shown: object) -> str:
    return render(format, result, replace(Shown(Files.of(TEXTS)), **shown))  # type: ignore[arg-type]


PLAIN = Style()
