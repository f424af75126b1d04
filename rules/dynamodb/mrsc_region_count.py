from dblint import HIGH, rule
from dblint.aws.dynamodb import GlobalTable, Table


@rule(severity=HIGH, category="validity", about=("MultiRegionConsistency", "Replicas"))
def mrsc_region_count(table: Table | GlobalTable) -> bool:
    """Strongly consistent table does not stand in exactly three Regions."""
    return table.strong and not table.has_quorum
