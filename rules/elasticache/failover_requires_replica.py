from dblint import HIGH, rule
from dblint.aws.elasticache import ReplicationGroup


@rule(severity=HIGH, category="validity", about="AutomaticFailoverEnabled")
def failover_requires_replica(group: ReplicationGroup) -> bool:
    """Automatic failover is on without a replica, or is off where AWS wants it."""
    if group.secondary:
        return False
    if group.AutomaticFailoverEnabled:
        return not group.has_replicas and not group.in_shards
    return group.must_fail_over
