from dblint import HIGH, rule
from dblint.aws.redshift import Cluster


@rule(severity=HIGH, category="validity", about=("NumberOfNodes", "ClusterType"))
def node_count_invalid(cluster: Cluster, *, max_nodes: int = 100) -> bool:
    """Number of nodes contradicts the type of the cluster, or is more than Redshift allows."""
    return cluster.contradicts_itself or cluster.NumberOfNodes > max_nodes
