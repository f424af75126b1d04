from dblint import MEDIUM, rule
from dblint.aws.dynamodb import GlobalTable, Table, TableReplica


@rule(severity=MEDIUM, category="encryption", about=("Replicas", "KMSMasterKeyId"))
def replica_key_mismatch(table: Table | GlobalTable | TableReplica) -> bool:
    """Copies of the table are not all encrypted with the customer's own keys."""
    return table.keys_differ
