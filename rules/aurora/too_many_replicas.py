from dblint import HIGH, rule
from dblint.aws.rds import DBCluster
from dblint.aws.rds.cluster import MOST_MEMBERS


@rule(severity=HIGH, category="validity")
def too_many_replicas(cluster: DBCluster) -> bool:
    """Aurora cluster has more than 15 readers beside its writer."""
    return cluster.has_more_members_than(MOST_MEMBERS)
