from dblint import CRITICAL, rule
from dblint.aws.rds import ClusterSnapshot, DBSnapshot


@rule(severity=CRITICAL, category="encryption", about="SharedAccounts")
def snapshot_public(snapshot: DBSnapshot | ClusterSnapshot) -> bool:
    """Every AWS account may copy and restore the snapshot."""
    return any(account == "all" for account in snapshot.SharedAccounts)
