"""The file of settings that `dblint config init` writes: everything in it is a comment, so that it changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dblint import RULESET
from dblint.environment import tier_of
from dblint.model import Environments
from dblint.reports.words import listed
from dblint.settings.origins import toml

_MOST_NAMES = 20
_HEAD = """\
# Settings of dblint. `dblint config show` prints those that hold, `dblint config schema` all keys with their meaning.
# For editors: dblint config schema > dblint.schema.json, then
#:schema ./dblint.schema.json
"""
_MIDDLE = """
# How severe a finding must be to make the run fail: critical, high, medium, low or never.
# fail-on = "medium"

# Good practice and cost as well ("strict"), or what may be bad too ("audit").
# profile = "strict"

# Rules that do not run: names, patterns, service:X, category:X, severity:X.
# extend-ignore = ["category:fitness"]

# Paths that are not looked at.
# extend-exclude = ["examples/**"]
"""
_TAIL = """
# [rules.rds-backup-retention-short]
# min-days = 14

# [rules.rds-storage-unencrypted]
# severity = "critical"
# ignorable = false

# [suppressions]
# require-reason = true

# [[ignores]]
# rules = ["rds-single-az"]
# resources = ["module.reporting.*"]
# reason = "rebuilt nightly from orders"
# until = 2030-03-31
"""


def starter(scenarios: Mapping[str, Sequence[str]]) -> str:
    """The text of the file. `scenarios`: root -> the names of what was found to be deployed from it."""
    known = Environments()
    environments = (
        "\n# What names an environment: whole words of scenarios, tags, identifiers and folders.\n"
        "# [environments]\n"
        f"# production = {toml(list(known.production))}\n"
        f"# development = {toml(list(known.development))}\n"
        '# unnamed = "production"   # where nothing names one; "development" or "unknown"\n'
    )
    ruleset = f"\n# New default rules wait until this is raised.\n# ruleset = {toml(RULESET)}\n"
    return _HEAD + ruleset + _MIDDLE + environments + "".join(_scenarios(scenarios)) + _TAIL


def _scenarios(found: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """What was found to be deployed, and a table for one of them."""
    named = {root: names for root, names in sorted(found.items()) if names}
    yield "\n# Scenarios are found by the names of variable files, workspaces, parameters and parameter files.\n"
    for root, names in list(named.items())[:_MOST_NAMES]:
        yield f"# found: {listed(names, _MOST_NAMES)} of {root}\n"
    if len(named) > _MOST_NAMES:
        yield f"# and those of {len(named) - _MOST_NAMES} more\n"
    name = next((name for names in named.values() for name in names), "prod")
    quoted = name if name.replace("-", "").replace("_", "").isalnum() and name.isascii() else toml(name)
    yield f"# [scenarios.{quoted}]\n"
    yield f"# var-files = [{toml(f'{name}.tfvars')}]\n"
    tier = "development" if tier_of(name, Environments()) is False else "production"
    yield f"# tier = {toml(tier)}\n"
