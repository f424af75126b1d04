from dblint import MEDIUM, Set, rule
from dblint.aws.rds import DBInstance


@rule(severity=MEDIUM, category="availability", fix=Set(MultiAZ=True))
def replica_counted_as_ha(db: DBInstance) -> bool:
    """Production database has read replicas and no standby: nothing takes over by itself when it fails."""
    return db.production and db.stands_alone and not db.MultiAZ and db.has_known_replicas
