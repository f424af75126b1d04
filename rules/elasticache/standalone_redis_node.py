from dblint import HIGH, rule
from dblint.aws.elasticache import CacheCluster


@rule(severity=HIGH, category="availability", about="Engine")
def standalone_redis_node(cache: CacheCluster) -> bool:
    """Production Redis runs on a single node that nothing stands in for."""
    return cache.production and cache.redis and not cache.member
