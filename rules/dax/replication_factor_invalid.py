from dblint import HIGH, rule
from dblint.aws.dax import MOST_NODES, Cluster


@rule(severity=HIGH, category="validity", about=("AvailabilityZones", "ReplicationFactor"))
def replication_factor_invalid(cluster: Cluster, *, max_nodes: int = MOST_NODES) -> bool:
    """DAX cluster has a number of nodes that AWS refuses."""
    return cluster.ReplicationFactor < 1 or cluster.ReplicationFactor > max_nodes or cluster.zones_do_not_fit
