"""dblint, the linter for AWS databases in infrastructure code. What the author of a rule may import stands here.

The names are looked up on first use: `dblint --version` has no need of the engine.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in typing, which takes four milliseconds to import

if TYPE_CHECKING:
    from dblint.rule_definition import CRITICAL, HIGH, LOW, MEDIUM, Set, Unset, rule

__version__ = "0.1.0"
# The set of default rules: new ones wait in a later set, so that a patch finds nothing new.
RULESET = "2026.1"
__all__ = ["CRITICAL", "HIGH", "LOW", "MEDIUM", "Set", "Unset", "rule"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from dblint import rule_definition

    found: object
    found = globals()[name] = getattr(rule_definition, name)
    return found
