from dblint import HIGH, rule
from dblint.aws.rds import DBInstance


@rule(severity=HIGH, category="encryption", about="DBParameterGroupName")
def tls_not_enforced(db: DBInstance) -> bool:
    """Database accepts connections in clear text."""
    return not db.member and db.has_parameters_of_its_own and db.accepts_clear_text
