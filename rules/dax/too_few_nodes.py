from dblint import HIGH, Set, rule
from dblint.aws.dax import Cluster


@rule(severity=HIGH, category="availability", fix=Set(ReplicationFactor=3))
def too_few_nodes(cluster: Cluster, *, min_nodes: int = 3) -> bool:
    """Production DAX cluster has too few nodes to lose one."""
    return cluster.production and cluster.ReplicationFactor < min_nodes
