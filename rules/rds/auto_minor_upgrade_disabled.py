from dblint import MEDIUM, Set, rule
from dblint.aws.rds import DBCluster, DBInstance


@rule(severity=MEDIUM, category="lifecycle", fix=Set(AutoMinorVersionUpgrade=True))
def auto_minor_upgrade_disabled(db: DBInstance | DBCluster) -> bool:
    """Database does not get security patches of its engine by itself."""
    return not db.custom and not db.AutoMinorVersionUpgrade
