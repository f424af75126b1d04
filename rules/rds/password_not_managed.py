from dblint import MEDIUM, Set, Unset, rule
from dblint.aws.rds import DBCluster, DBInstance


@rule(
    severity=MEDIUM,
    category="encryption",
    fix=(Set(ManageMasterUserPassword=True), Unset("MasterUserPassword")),
)
def password_not_managed(db: DBInstance | DBCluster) -> bool:
    """Master password passes through the state or the parameters of the stack, and nothing rotates it."""
    password = db.MasterUserPassword
    return password.is_set and not password.readable and not password.vaulted and not db.MasterUserPasswordWriteOnly
