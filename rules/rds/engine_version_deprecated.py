from dblint import HIGH, rule
from dblint.aws.rds import DBCluster, DBInstance, GlobalCluster


@rule(severity=HIGH, category="lifecycle", about="EngineVersion")
def engine_version_deprecated(db: DBInstance | DBCluster | GlobalCluster) -> bool:
    """AWS has deprecated the version of the engine."""
    return db.stands_alone and db.of_deprecated_version
