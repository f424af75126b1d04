from dblint import HIGH, rule
from dblint.aws.rds import DBCluster, DBInstance


@rule(
    severity=HIGH,
    category="encryption",
    about=("DBSnapshotIdentifier", "DBClusterSnapshotIdentifier", "SnapshotIdentifier"),
)
def restore_from_unencrypted_snapshot(db: DBInstance | DBCluster) -> bool:
    """Database is restored from an unencrypted snapshot, and so is not encrypted either."""
    return db.from_snapshot and not db.encrypted
