from dblint import CRITICAL, Set, Unset, rule
from dblint.aws.rds import DBInstance


@rule(
    severity=CRITICAL,
    category="encryption",
    fix=(Set(ManageMasterUserPassword=True), Unset("MasterUserPassword")),
)
def plaintext_master_password(db: DBInstance) -> bool:
    """Master password can be read by whoever can read the code or the stack."""
    return db.MasterUserPassword.readable
