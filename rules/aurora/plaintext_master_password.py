from dblint import CRITICAL, Set, Unset, rule
from dblint.aws.rds import DBCluster


@rule(
    severity=CRITICAL,
    category="encryption",
    fix=(Set(ManageMasterUserPassword=True), Unset("MasterUserPassword")),
)
def plaintext_master_password(cluster: DBCluster) -> bool:
    """Master password of the cluster can be read by whoever can read the code or the stack."""
    return cluster.MasterUserPassword.readable
