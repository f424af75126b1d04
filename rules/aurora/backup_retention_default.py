from dblint import MEDIUM, Set, rule
from dblint.aws.rds import DBCluster


@rule(severity=MEDIUM, category="recovery", fix=Set(BackupRetentionPeriod=7))
def backup_retention_default(cluster: DBCluster, *, min_days: int = 7) -> bool:
    """Backups of the production Aurora cluster are kept for one day, since nobody says otherwise."""
    if not cluster.production or not cluster.keeps_default_retention:
        return False
    return cluster.BackupRetentionPeriod < min_days
