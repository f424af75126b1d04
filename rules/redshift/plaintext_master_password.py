from dblint import CRITICAL, Set, Unset, rule
from dblint.aws.redshift import Cluster


@rule(
    severity=CRITICAL,
    category="encryption",
    fix=(Set(ManageMasterPassword=True), Unset("MasterUserPassword")),
)
def plaintext_master_password(cluster: Cluster) -> bool:
    """Master password can be read by whoever can read the code or the stack."""
    return cluster.MasterUserPassword.readable
