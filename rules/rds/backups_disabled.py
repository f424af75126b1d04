from dblint import HIGH, Set, rule
from dblint.aws.rds import DBInstance


@rule(severity=HIGH, category="recovery", fix=Set(BackupRetentionPeriod=7))
def backups_disabled(db: DBInstance) -> bool:
    """Database has no automated backups."""
    return db.stands_alone and db.BackupRetentionPeriod == 0
