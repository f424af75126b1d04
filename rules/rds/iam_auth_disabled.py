from dblint import LOW, Set, rule
from dblint.aws.rds import DBInstance


@rule(severity=LOW, category="exposure", fix=Set(EnableIAMDatabaseAuthentication=True))
def iam_auth_disabled(db: DBInstance) -> bool:
    """Users log in to the database by passwords alone."""
    return not db.member and db.supports_iam and not db.EnableIAMDatabaseAuthentication
