"""Which files a run reads, and which kinds of input it needs for them."""

from __future__ import annotations

from collections.abc import Sequence

from dblint.sources.base import Source
from dblint.sources.files import Files
from dblint.stopwatch import timed

SOURCES = ("terraform", "cloudformation")
TERRAFORM = (".tf", ".tofu", ".tf.json", ".tofu.json", ".tfvars", ".tfvars.json")
TEMPLATES = (".yaml", ".yml", ".json", ".template", ".cfn", ".cform")


def kind(path: str) -> str:
    """The source that reads files with this ending; "" where none does."""
    if path.endswith(TERRAFORM):
        return "terraform"
    return "cloudformation" if path.endswith(TEMPLATES) else ""


@timed("prefilter")
def count(files: Files, plans: Sequence[str] = ()) -> dict[str, int]:
    """How many files each source has; "" for those that none reads. Files that were named one by one, or
    are included, are templates where they are nothing else. `plans` are files that are surely plans of Terraform."""
    counts = {"terraform": len(plans), "cloudformation": 0, "": 0}
    for path in files.all():
        counts[kind(path) or ("cloudformation" if files.is_wanted(path) else "")] += 1
    if not counts["terraform"] and counts["cloudformation"] and _has_plan(files):
        counts["terraform"] = 1
    return counts


def _has_plan(files: Files) -> bool:
    """Whether a file is a plan of Terraform, which its ending does not tell."""
    if not any(path.endswith(".json") for path in files.all()):
        return False
    from dblint.sources.terraform.plan.discovery import plan_paths

    return any(True for _ in plan_paths(files))


def source(name: str) -> Source:
    """A source by its name; imported when it is asked for."""
    if name == "terraform":
        from dblint.sources.terraform.source import Terraform

        return Terraform()
    from dblint.sources.cloudformation.source import CloudFormation

    return CloudFormation()
