from dblint import LOW, Set, rule
from dblint.aws.rds import DBCluster


@rule(severity=LOW, category="encryption", fix=Set(StorageEncrypted=True))
def storage_unencrypted(cluster: DBCluster) -> bool:
    """Code asks for an Aurora cluster without encryption."""
    return not cluster.restored and not cluster.replica and cluster.asks_for_no_encryption
