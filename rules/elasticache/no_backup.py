from dblint import MEDIUM, Set, rule
from dblint.aws.elasticache import CacheCluster, ReplicationGroup, ServerlessCache


@rule(severity=MEDIUM, category="recovery", fix=Set(SnapshotRetentionLimit=7))
def no_backup(cache: CacheCluster | ReplicationGroup | ServerlessCache) -> bool:
    """Production cache has no automatic backups."""
    return cache.production and cache.keeps_data and cache.SnapshotRetentionLimit == 0
