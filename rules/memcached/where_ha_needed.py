from dblint import MEDIUM, rule
from dblint.aws.elasticache import CacheCluster


@rule(severity=MEDIUM, category="fitness", about="Engine")
def where_ha_needed(cache: CacheCluster) -> bool:
    """Memcached keeps one copy of each item, where high availability is needed."""
    return cache.memcached and not cache.holds_sessions and cache.needs_ha
