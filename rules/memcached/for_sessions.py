from dblint import MEDIUM, rule
from dblint.aws.elasticache import CacheCluster


@rule(severity=MEDIUM, category="fitness", about="Engine")
def for_sessions(cache: CacheCluster) -> bool:
    """Sessions are kept in Memcached, which loses them with a node."""
    return cache.production and cache.memcached and cache.holds_sessions
