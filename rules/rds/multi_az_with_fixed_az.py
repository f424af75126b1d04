from dblint import HIGH, Unset, rule
from dblint.aws.rds import DBInstance


@rule(severity=HIGH, category="validity", fix=Unset("AvailabilityZone"))
def multi_az_with_fixed_az(db: DBInstance) -> bool:
    """Multi-AZ database is told a zone, which AWS refuses."""
    return not db.member and db.MultiAZ and db.AvailabilityZone is not None
