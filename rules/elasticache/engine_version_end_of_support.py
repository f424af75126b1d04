from dblint import HIGH, rule
from dblint.aws.elasticache import CacheCluster, ReplicationGroup


@rule(severity=HIGH, category="lifecycle", about="EngineVersion")
def engine_version_end_of_support(cache: CacheCluster | ReplicationGroup) -> bool:
    """Cache runs a version of Redis that AWS no longer supports."""
    return cache.support_ended
