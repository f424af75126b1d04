from dblint import HIGH, rule
from dblint.aws.elasticache import CacheCluster, ReplicationGroup


@rule(
    severity=HIGH,
    category="validity",
    about=("NumCacheClusters", "NumCacheNodes", "NumNodeGroups", "ReplicasPerNodeGroup"),
)
def node_limits(cache: CacheCluster | ReplicationGroup, *, max_nodes: int = 90) -> bool:
    """Cache has more nodes than ElastiCache allows."""
    return cache.too_many_nodes(max_nodes)
