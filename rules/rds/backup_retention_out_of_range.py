from dblint import HIGH, rule
from dblint.aws.rds import DBCluster, DBInstance


@rule(severity=HIGH, category="validity", about="BackupRetentionPeriod")
def backup_retention_out_of_range(db: DBInstance | DBCluster) -> bool:
    """Backups are to be kept for a number of days that AWS does not take."""
    return db.retention_out_of_range
