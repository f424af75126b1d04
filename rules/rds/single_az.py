from dblint import HIGH, Set, rule
from dblint.aws.rds import DBInstance


@rule(severity=HIGH, category="availability", fix=Set(MultiAZ=True))
def single_az(db: DBInstance) -> bool:
    """Production database has no standby in a second Availability Zone."""
    if not db.production or not db.stands_alone or not db.can_have_standby:
        return False
    return not db.MultiAZ and not db.has_known_replicas
