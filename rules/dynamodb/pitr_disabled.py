from dblint import HIGH, Set, rule
from dblint.aws.dynamodb import Table


@rule(
    severity=HIGH,
    category="recovery",
    fix=Set(PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}),
)
def pitr_disabled(table: Table) -> bool:
    """Production table can not be restored to a point in time."""
    if not table.production or table.holds_locks:
        return False
    return not table.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled
