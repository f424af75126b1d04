from dblint import CRITICAL, Set, rule
from dblint.aws.rds import DBCluster, DBInstance


@rule(severity=CRITICAL, category="exposure", fix=Set(PubliclyAccessible=False))
def publicly_accessible(db: DBInstance | DBCluster) -> bool:
    """Database has a public address."""
    return db.PubliclyAccessible
