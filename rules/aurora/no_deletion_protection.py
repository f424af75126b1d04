from dblint import MEDIUM, Set, rule
from dblint.aws.rds import DBCluster, GlobalCluster


@rule(severity=MEDIUM, category="recovery", fix=Set(DeletionProtection=True))
def no_deletion_protection(cluster: DBCluster | GlobalCluster) -> bool:
    """Production cluster can be deleted by one call."""
    return cluster.production and not cluster.DeletionProtection
