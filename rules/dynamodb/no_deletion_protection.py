from dblint import MEDIUM, rule
from dblint.aws.dynamodb import GlobalTable, Table, TableReplica


@rule(severity=MEDIUM, category="recovery", about=("DeletionProtectionEnabled", "Replicas"))
def no_deletion_protection(table: Table | GlobalTable | TableReplica) -> bool:
    """Production table, or a replica of it, can be deleted by a single call."""
    return table.production and not table.holds_locks and not table.protected
