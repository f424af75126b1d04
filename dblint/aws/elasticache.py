"""Amazon ElastiCache: clusters of nodes and replication groups."""

from __future__ import annotations

from dblint.aws.common import CLOUDFORMATION, REGISTRY, SecurityGroup, in_lower_case, port_of
from dblint.properties import prop
from dblint.view import View, one, several

_API = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html"

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
    """A Memcached cluster, a single Redis node, or in Terraform a member of a replication group."""

    AZMode: str = prop("az_mode", default="single-az")
    CacheNodeType: str | None = prop("node_type")
    ClusterName: str | None = prop("cluster_id", replaces=True)
    Engine: str | None = prop("engine", replaces=True)
    EngineVersion: str | None = prop("engine_version")
    NumCacheNodes: int = prop("num_cache_nodes", default=1)
    Port: int | None = prop("port", replaces=True)
    ReplicationGroupId: str | None = prop("replication_group_id", in_schema=False)
    SnapshotRetentionLimit: int = prop("snapshot_retention_limit", default=0)
    VpcSecurityGroupIds: tuple[str, ...] = prop("security_group_ids", default=())

    group: ReplicationGroup | None = one("AWS::ElastiCache::ReplicationGroup", by="ReplicationGroupId")
    security_groups: tuple[SecurityGroup, ...] = several("AWS::EC2::SecurityGroup", by="VpcSecurityGroupIds")

    @property
    def memcached(self) -> bool:
        return in_lower_case(self.Engine) == "memcached"

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


def _encrypted_by_engine(group: ReplicationGroup) -> bool:
    """Valkey is encrypted at rest by default, Redis OSS is not."""
    return group.engine == "valkey"


class ReplicationGroup(
    View,
    cloudformation="AWS::ElastiCache::ReplicationGroup",
    terraform="aws_elasticache_replication_group",
    identity="ReplicationGroupId",
    reference=CLOUDFORMATION + "aws-resource-elasticache-replicationgroup.html",
):
    """A primary node with its replicas, or a cluster of shards: Valkey or Redis OSS."""

    AtRestEncryptionEnabled: bool = prop(
        "at_rest_encryption_enabled", default=_encrypted_by_engine, replaces=True, reference=_API
    )
    AutomaticFailoverEnabled: bool = prop("automatic_failover_enabled", default=False)
    CacheNodeType: str | None = prop("node_type")
    Durability: str = prop("durability", default="default")
    Engine: str = prop("engine", default="redis", reference=REGISTRY + "elasticache_replication_group")
    EngineVersion: str | None = prop("engine_version")
    GlobalReplicationGroupId: str | None = prop("global_replication_group_id", replaces=True)
    MultiAZEnabled: bool = prop("multi_az_enabled", default=False)
    NumCacheClusters: int | None = prop(("num_cache_clusters", "number_cache_clusters"))
    NumNodeGroups: int | None = prop(("num_node_groups", "cluster_mode.num_node_groups"))
    Port: int | None = prop("port", replaces=True)
    ReplicasPerNodeGroup: int | None = prop(("replicas_per_node_group", "cluster_mode.replicas_per_node_group"))
    ReplicationGroupId: str | None = prop("replication_group_id", replaces=True)
    SecurityGroupIds: tuple[str, ...] = prop("security_group_ids", default=())
    SnapshotRetentionLimit: int = prop("snapshot_retention_limit", default=0)
    TransitEncryptionEnabled: bool = prop("transit_encryption_enabled", default=False)

    security_groups: tuple[SecurityGroup, ...] = several("AWS::EC2::SecurityGroup", by="SecurityGroupIds")

    @property
    def engine(self) -> str | None:
        return in_lower_case(self.Engine)

    @property
    def port(self) -> int | None:
        """The port that it listens on."""
        return self.Port if self.Port is not None else port_of(self.engine)

    @property
    def secondary(self) -> bool:
        """Whether it follows another Region's group, which then decides on encryption (Global datastore)."""
        return self.GlobalReplicationGroupId is not None

    @property
    def encrypted(self) -> bool:
        """Whether it is encrypted at rest; a durable group always is."""
        return self.AtRestEncryptionEnabled or self.Durability in ("sync", "async")
