"""Clusters of nodes: Memcached, single Redis nodes, and members of replication groups."""

from __future__ import annotations

from dblint.aws.common import CLOUDFORMATION, SecurityGroup, distinct, in_lower_case, port_of
from dblint.aws.elasticache.versions import ended
from dblint.properties import prop
from dblint.view import View, many, one, several

# The NumCacheNodes parameter of CreateCacheCluster.
MOST_MEMCACHED_NODES = 40

# What a cache is called whose loss logs people out or empties their baskets.
SESSION_WORDS = frozenset(
    {"session", "sessions", "cart", "carts", "basket", "baskets", "auth", "login", "token", "tokens"}
)

# What a cache is called that somebody relies on as a store.
STORE_WORDS = frozenset({"datastore", "state", "queue", "persistent", "durable", "critical", "ha"})


class CacheCluster(
    View,
    cloudformation="AWS::ElastiCache::CacheCluster",
    terraform="aws_elasticache_cluster",
    identity="ClusterName",
    reference=CLOUDFORMATION + "aws-resource-elasticache-cachecluster.html",
):
    """A Memcached cluster, a single Redis node, or a member of a replication group."""

    AZMode: str = prop("az_mode", default="single-az")
    CacheNodeType: str | None = prop("node_type")
    ClusterName: str | None = prop("cluster_id", replaces=True)
    Engine: str | None = prop("engine", replaces=True)
    EngineVersion: str | None = prop("engine_version")
    NumCacheNodes: int = prop("num_cache_nodes", default=1)
    Port: int | None = prop("port", replaces=True)
    PreferredAvailabilityZones: tuple[str, ...] = prop("preferred_availability_zones", default=())
    ReplicationGroupId: str | None = prop("replication_group_id", in_schema=False)
    SnapshotArns: tuple[str, ...] = prop("snapshot_arns", default=(), replaces=True)
    SnapshotName: str | None = prop("snapshot_name", replaces=True)
    SnapshotRetentionLimit: int = prop("snapshot_retention_limit", default=0)
    SnapshotWindow: str | None = prop("snapshot_window")
    VpcSecurityGroupIds: tuple[str, ...] = prop("security_group_ids", default=())

    group: View | None = one("AWS::ElastiCache::ReplicationGroup", by="ReplicationGroupId")
    led_groups: tuple[View, ...] = many("AWS::ElastiCache::ReplicationGroup", by="primary")
    security_groups: tuple[SecurityGroup, ...] = several("AWS::EC2::SecurityGroup", by="VpcSecurityGroupIds")

    @property
    def engine(self) -> str | None:
        return in_lower_case(self.Engine)

    @property
    def memcached(self) -> bool:
        return self.engine == "memcached"

    @property
    def redis(self) -> bool:
        return self.engine == "redis"

    @property
    def member(self) -> bool:
        """Whether it belongs to a replication group, as a replica or as the node that the group was made of."""
        return self.ReplicationGroupId is not None or bool(self.led_groups)

    @property
    def keeps_data(self) -> bool:
        """Whether it holds what only its own backups can bring back: a Redis node that stands alone."""
        return self.redis and not self.member

    @property
    def support_ended(self) -> bool:
        """Whether AWS no longer supports its version."""
        return self.keeps_data and ended(self.EngineVersion)

    @property
    def in_one_zone(self) -> bool:
        """Whether all its nodes stand in one Availability Zone."""
        return self.AZMode != "cross-az" and len(distinct(self.PreferredAvailabilityZones)) < 2

    @property
    def has_snapshot_settings(self) -> bool:
        """Whether it is told when to take snapshots, or which one to start from."""
        return (
            self.SnapshotRetentionLimit > 0
            or self.SnapshotWindow is not None
            or self.SnapshotName is not None
            or bool(self.SnapshotArns)
        )

    def too_many_nodes(self, max_nodes: int) -> bool:
        """Whether it has more nodes than its engine can, Memcached forty, Redis one; `max_nodes` is of groups."""
        if self.memcached:
            return self.NumCacheNodes > MOST_MEMCACHED_NODES
        return self.redis and self.NumCacheNodes > 1

    @property
    def port(self) -> int | None:
        """The port that it listens on."""
        return self.Port if self.Port is not None else port_of(in_lower_case(self.Engine))

    @property
    def needs_ha(self) -> bool:
        """Whether somebody counts on it: zones, backups or a name that say so; or it serves production by name."""
        if self.AZMode == "cross-az" or self.SnapshotRetentionLimit > 0 or self.words() & STORE_WORDS:
            return self.production
        if self.named_production:
            self.presume("a cache of production is presumed to need high availability")
            return True
        return False

    @property
    def holds_sessions(self) -> bool:
        """Whether its name, its address or a tag says that it holds sessions, baskets or tokens."""
        return bool(self.words() & SESSION_WORDS)
