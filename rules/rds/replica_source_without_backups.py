from dblint import HIGH, Set, rule
from dblint.aws.rds import DBInstance


@rule(severity=HIGH, category="validity", fix=Set(BackupRetentionPeriod=7))
def replica_source_without_backups(db: DBInstance) -> bool:
    """Read replicas need automated backups of their source, which are off."""
    return db.BackupRetentionPeriod == 0 and db.has_known_replicas
