from dblint import HIGH, rule
from dblint.aws.rds import DBInstance


@rule(severity=HIGH, category="validity")
def too_many_replicas(db: DBInstance) -> bool:
    """Database has more read replicas than AWS allows of its engine."""
    return db.has_too_many_replicas
