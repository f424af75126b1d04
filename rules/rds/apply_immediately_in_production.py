from dblint import MEDIUM, Set, rule
from dblint.aws.rds import DBCluster, DBInstance


@rule(severity=MEDIUM, category="availability", fix=Set(ApplyImmediately=False))
def apply_immediately_in_production(db: DBInstance | DBCluster) -> bool:
    """Changes to the production database are made at once, not in the maintenance window."""
    return db.production and db.has("ApplyImmediately") and db.ApplyImmediately
