from dblint import MEDIUM, rule
from dblint.aws.rds import DBInstance


@rule(severity=MEDIUM, category="availability", about="DBInstanceClass")
def failover_target_smaller(db: DBInstance) -> bool:
    """Reader that Aurora promotes first has less than the production cluster's writer."""
    return db.production and db.member and db.aurora and db.weak_failover_target
