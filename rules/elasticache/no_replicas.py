from dblint import HIGH, rule
from dblint.aws.elasticache import ReplicationGroup


@rule(
    severity=HIGH, category="availability", about=("NumCacheClusters", "ReplicasPerNodeGroup", "NodeGroupConfiguration")
)
def no_replicas(group: ReplicationGroup) -> bool:
    """Production cache keeps one copy of its data, on one node."""
    return group.production and not group.has_replicas
