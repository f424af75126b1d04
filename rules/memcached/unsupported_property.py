from dblint import HIGH, Unset, rule
from dblint.aws.elasticache import CacheCluster


@rule(
    severity=HIGH,
    category="validity",
    fix=Unset("SnapshotRetentionLimit", "SnapshotWindow", "SnapshotName", "SnapshotArns"),
)
def unsupported_property(cache: CacheCluster) -> bool:
    """Memcached is told to take or to restore snapshots, which it can not."""
    return cache.memcached and cache.has_snapshot_settings
