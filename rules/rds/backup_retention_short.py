from dblint import MEDIUM, Set, rule
from dblint.aws.rds import DBCluster, DBInstance


@rule(severity=MEDIUM, category="recovery", fix=Set(BackupRetentionPeriod=7))
def backup_retention_short(db: DBInstance | DBCluster, *, min_days: int = 7) -> bool:
    """Backups of the production database are kept for too few days."""
    if not db.production or not db.stands_alone or db.keeps_default_retention:
        return False
    return 0 < db.BackupRetentionPeriod < min_days
