from dblint import HIGH, rule
from dblint.aws.rds import ClusterSnapshot, DBSnapshot


@rule(severity=HIGH, category="encryption")
def snapshot_unencrypted(snapshot: DBSnapshot | ClusterSnapshot) -> bool:
    """Snapshot is not encrypted, since what it is taken from is not."""
    return not snapshot.copied and not snapshot.encrypted
