from dblint import HIGH, rule
from dblint.aws.rds import DBInstance


@rule(severity=HIGH, category="encryption", about="SourceDBInstanceIdentifier")
def cross_region_replica_no_kms(db: DBInstance) -> bool:
    """Encrypted replica in another Region needs a key of that Region."""
    return db.replica and db.KmsKeyId is None and db.crosses_regions and db.encrypted
