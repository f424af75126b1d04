from dblint import HIGH, rule
from dblint.aws.dynamodb import GlobalTable, Table, TableReplica


@rule(severity=HIGH, category="recovery")
def replica_pitr_disabled(table: Table | GlobalTable | TableReplica) -> bool:
    """Replica of the production table can not be restored to a point in time."""
    return table.production and not table.replicas_recoverable
