from dblint import MEDIUM, rule
from dblint.aws.rds import DBSnapshot


@rule(severity=MEDIUM, category="encryption", about="SourceDBSnapshotIdentifier")
def snapshot_copy_unencrypted(snapshot: DBSnapshot) -> bool:
    """Copy of an unencrypted snapshot is not encrypted either, since it is told no key."""
    return snapshot.copied and not snapshot.encrypted
