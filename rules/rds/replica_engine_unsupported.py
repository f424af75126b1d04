from dblint import HIGH, rule
from dblint.aws.rds import DBInstance


@rule(severity=HIGH, category="validity", about="SourceDBInstanceIdentifier")
def replica_engine_unsupported(db: DBInstance) -> bool:
    """Engine of the source has no read replicas, or none in another Region."""
    return db.replica and db.of_engine_without_replicas
