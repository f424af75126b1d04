from dblint import MEDIUM, rule
from dblint.aws.rds import DBInstance


@rule(severity=MEDIUM, category="lifecycle", about="Engine")
def custom_oracle_end_of_support(db: DBInstance) -> bool:
    """RDS Custom for Oracle is supported until 2027-03-31."""
    return db.custom_oracle
