"""The kinds of input that `scan` reads. Each is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from dblint.sources.base import Source


def sources() -> Iterator[Source]:
    """All sources, in the order in which they look at files."""
    from dblint.sources.cloudformation.source import CloudFormation
    from dblint.sources.terraform.source import Terraform

    yield Terraform()
    yield CloudFormation()
