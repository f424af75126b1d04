from dblint import HIGH, Set, rule
from dblint.aws.rds import DBCluster, DBInstance


@rule(severity=HIGH, category="encryption", fix=Set(StorageEncrypted=True))
def storage_unencrypted(db: DBInstance | DBCluster) -> bool:
    """Storage of the database is not encrypted."""
    return db.decides_on_encryption and not db.encrypted
