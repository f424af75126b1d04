from dblint import MEDIUM, rule
from dblint.aws.dynamodb import LegacyGlobalTable


@rule(severity=MEDIUM, category="lifecycle")
def legacy_global_table(table: LegacyGlobalTable) -> bool:
    """Global table is of the version of 2017, which AWS wants nobody to use any more."""
    return True
