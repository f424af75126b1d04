from dblint import HIGH, rule
from dblint.aws.rds import ClusterSnapshot


@rule(severity=HIGH, category="encryption", about="KmsKeyId")
def snapshot_copy_cannot_encrypt(snapshot: ClusterSnapshot) -> bool:
    """Copy of an unencrypted cluster snapshot is told a key, which AWS refuses."""
    return snapshot.copied and snapshot.KmsKeyId is not None and not snapshot.encrypted
