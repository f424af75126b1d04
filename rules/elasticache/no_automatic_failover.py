from dblint import HIGH, Set, rule
from dblint.aws.elasticache import ReplicationGroup


@rule(severity=HIGH, category="availability", fix=Set(AutomaticFailoverEnabled=True))
def no_automatic_failover(group: ReplicationGroup) -> bool:
    """Production cache does not promote a replica when its primary node fails."""
    if not group.production or group.AutomaticFailoverEnabled:
        return False
    return group.has_replicas and not group.must_fail_over
