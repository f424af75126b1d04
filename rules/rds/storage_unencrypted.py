from dblint import HIGH, Set, rule
from dblint.aws.rds import DBInstance


@rule(severity=HIGH, category="encryption", fix=Set(StorageEncrypted=True))
def storage_unencrypted(db: DBInstance) -> bool:
    """Storage of the database is not encrypted."""
    return db.stands_alone and not db.restored and not db.encrypted
