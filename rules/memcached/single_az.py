from dblint import MEDIUM, Set, rule
from dblint.aws.elasticache import CacheCluster


@rule(severity=MEDIUM, category="availability", fix=Set(AZMode="cross-az"))
def single_az(cache: CacheCluster) -> bool:
    """All nodes of the production Memcached cluster stand in one Availability Zone."""
    return cache.production and cache.memcached and cache.NumCacheNodes > 1 and cache.in_one_zone
