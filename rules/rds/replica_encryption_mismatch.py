from dblint import HIGH, rule
from dblint.aws.rds import DBInstance


@rule(severity=HIGH, category="encryption", about=("StorageEncrypted", "KmsKeyId"))
def replica_encryption_mismatch(db: DBInstance) -> bool:
    """Replica is to be encrypted, and its source is not."""
    return db.replica and (db.StorageEncrypted or db.KmsKeyId is not None) and not db.encrypted
