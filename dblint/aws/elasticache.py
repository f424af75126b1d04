"""Amazon ElastiCache: clusters of nodes, replication groups, serverless caches, and their users."""

from __future__ import annotations

from dblint.aws.common import CLOUDFORMATION, REGISTRY, SecurityGroup, distinct, in_lower_case, port_of
from dblint.properties import Entries, Pairs, Secret, prop
from dblint.reading import fewer_than, undetermined
from dblint.view import Part, View, many, one, part, parts, several

_API = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html"

# When AWS ended its support of the major versions of Redis OSS, as "Redis OSS versions end of life schedule" has it:
# https://docs.aws.amazon.com/AmazonElastiCache/latest/red-ug/deprecated-engine-versions.html
REDIS_END_OF_LIFE = {"2": "2023-01-13", "3": "2023-07-31"}

# Replicas of a shard, nodes of a group without shards, nodes of Memcached: the texts of CreateReplicationGroup and
# CreateCacheCluster.
MOST_REPLICAS = 5
MOST_NODES_WITHOUT_SHARDS = 6
MOST_MEMCACHED_NODES = 40

# The user that AWS makes, which may do everything and needs no password.
BUILT_IN_USER = "default"

# What a cache is called whose loss logs people out or empties their baskets.
SESSION_WORDS = frozenset(
    {"session", "sessions", "cart", "carts", "basket", "baskets", "auth", "login", "token", "tokens"}
)

# What a cache is called that somebody relies on as a store.
STORE_WORDS = frozenset({"datastore", "state", "queue", "persistent", "durable", "critical", "ha"})


class ParameterGroup(
    View,
    cloudformation="AWS::ElastiCache::ParameterGroup",
    terraform="aws_elasticache_parameter_group",
    identity="CacheParameterGroupName",
    reference=CLOUDFORMATION + "aws-resource-elasticache-parametergroup.html",
    supporting=True,
):
    CacheParameterGroupFamily: str = prop("family", replaces=True)
    CacheParameterGroupName: str | None = prop("name")
    Properties: Entries = prop(Pairs("parameter"))

    @property
    def in_shards(self) -> bool:
        """Whether its groups are clusters of shards (cluster mode enabled)."""
        return bool(self.Properties.get("cluster-enabled") == "yes")


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

    group: ReplicationGroup | None = one("AWS::ElastiCache::ReplicationGroup", by="ReplicationGroupId")
    led_groups: tuple[ReplicationGroup, ...] = many("AWS::ElastiCache::ReplicationGroup", by="primary")
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


def ended(version: str | None) -> bool:
    """Whether AWS no longer supports a version of Redis OSS."""
    return version is not None and version.split(".")[0] in REDIS_END_OF_LIFE


def _encrypted_by_engine(group: ReplicationGroup) -> bool:
    """Valkey is encrypted at rest by default, Redis OSS is not."""
    return group.engine == "valkey"


class NodeGroup(Part):
    """One shard."""

    ReplicaCount: int | None = prop("replica_count")


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
    AuthToken: Secret = prop(("auth_token", "auth_token_wo"))
    AutomaticFailoverEnabled: bool = prop("automatic_failover_enabled", default=False)
    CacheNodeType: str | None = prop("node_type")
    CacheParameterGroupName: str | None = prop("parameter_group_name")
    ClusterMode: str | None = prop("cluster_mode")
    Durability: str = prop("durability", default="default")
    Engine: str = prop("engine", default="redis", reference=REGISTRY + "elasticache_replication_group")
    EngineVersion: str | None = prop("engine_version")
    GlobalReplicationGroupId: str | None = prop("global_replication_group_id", replaces=True)
    MultiAZEnabled: bool = prop("multi_az_enabled", default=False)
    NodeGroupConfiguration: tuple[NodeGroup, ...] = parts(NodeGroup, "node_group_configuration")
    NumCacheClusters: int | None = prop(("num_cache_clusters", "number_cache_clusters"))
    NumNodeGroups: int | None = prop(("num_node_groups", "cluster_mode.num_node_groups"))
    Port: int | None = prop("port", replaces=True)
    PreferredCacheClusterAZs: tuple[str, ...] = prop("preferred_cache_cluster_azs", default=(), replaces=True)
    PrimaryClusterId: str | None = prop()
    ReplicasPerNodeGroup: int | None = prop(("replicas_per_node_group", "cluster_mode.replicas_per_node_group"))
    ReplicationGroupId: str | None = prop("replication_group_id", replaces=True)
    SecurityGroupIds: tuple[str, ...] = prop("security_group_ids", default=())
    SnapshotRetentionLimit: int = prop("snapshot_retention_limit", default=0)
    TransitEncryptionEnabled: bool = prop("transit_encryption_enabled", default=False)
    UserGroupIds: tuple[str, ...] = prop("user_group_ids", default=())

    members: tuple[CacheCluster, ...] = many("AWS::ElastiCache::CacheCluster", by="group")
    parameter_group: ParameterGroup | None = one("AWS::ElastiCache::ParameterGroup", by="CacheParameterGroupName")
    primary: CacheCluster | None = one("AWS::ElastiCache::CacheCluster", by="PrimaryClusterId")
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

    @property
    def keeps_data(self) -> bool:
        """Whether it holds what only its own backups can bring back."""
        return True

    @property
    def support_ended(self) -> bool:
        """Whether AWS no longer supports its version."""
        return self.engine == "redis" and ended(self.EngineVersion)

    @property
    def authenticates(self) -> bool:
        """Whether clients have to say who they are: by a token, or as a user of a group."""
        return bool(self.AuthToken) or bool(self.UserGroupIds)

    @property
    def readable_secret(self) -> bool:
        """Whether its token stands in the code."""
        return self.AuthToken.readable

    @property
    def in_shards(self) -> bool:
        """Whether it is a cluster of shards (cluster mode enabled), which has to fail over by itself."""
        if any(self.ClusterMode == mode for mode in ("enabled", "compatible")):
            return True
        if self.NumNodeGroups is not None and self.NumNodeGroups > 1:
            return True
        if self.NumCacheClusters is not None:
            return False
        return not fewer_than(2, self.NodeGroupConfiguration) or self._in_shards_by_parameter

    @property
    def _in_shards_by_parameter(self) -> bool:
        group = self.parameter_group
        if group is None or self.CacheParameterGroupName is None:
            return False
        return group.in_shards if group.resource.address else self.CacheParameterGroupName.endswith(".cluster.on")

    @property
    def has_replicas(self) -> bool:
        """Whether each shard has a replica."""
        if self.NodeGroupConfiguration:
            return not any(self._bare(shard) for shard in self.NodeGroupConfiguration)
        if self.ReplicasPerNodeGroup is not None:
            return self.ReplicasPerNodeGroup > 0
        if self.NumNodeGroups is not None and self.NumNodeGroups > 1:
            undetermined("AWS does not say how many replicas a shard has where none are asked for")
        return (self.NumCacheClusters is not None and self.NumCacheClusters > 1) or bool(self.members)

    def _bare(self, shard: NodeGroup) -> bool:
        count = shard.ReplicaCount if shard.ReplicaCount is not None else self.ReplicasPerNodeGroup
        return count is None or count < 1

    @property
    def must_fail_over(self) -> bool:
        """Whether AWS wants automatic failover of it: CreateReplicationGroup."""
        return self.MultiAZEnabled or self.in_shards

    @property
    def spread(self) -> bool:
        """Whether its nodes stand in several Availability Zones."""
        return self.MultiAZEnabled or len(distinct(self.PreferredCacheClusterAZs)) > 1

    def too_many_nodes(self, max_nodes: int) -> bool:
        """Whether a shard has too many replicas, or the group too many nodes."""
        if self.NumCacheClusters is not None and self.NumCacheClusters > MOST_NODES_WITHOUT_SHARDS:
            return True
        counts = (self.ReplicasPerNodeGroup, *(shard.ReplicaCount for shard in self.NodeGroupConfiguration))
        if any(count > MOST_REPLICAS for count in counts if count is not None):
            return True
        return self.NumNodeGroups is not None and self._nodes(self.NumNodeGroups) > max_nodes

    def _nodes(self, shards: int) -> int:
        replicas = self.ReplicasPerNodeGroup
        return shards if replicas is None or replicas == 0 else shards * (1 + replicas)


class ServerlessCache(
    View,
    cloudformation="AWS::ElastiCache::ServerlessCache",
    terraform="aws_elasticache_serverless_cache",
    identity="ServerlessCacheName",
    reference=CLOUDFORMATION + "aws-resource-elasticache-serverlesscache.html",
):
    """A cache without nodes: always encrypted, always in several zones."""

    Engine: str = prop("engine")
    SecurityGroupIds: tuple[str, ...] = prop("security_group_ids", default=())
    ServerlessCacheName: str = prop("name", replaces=True)
    SnapshotRetentionLimit: int = prop("snapshot_retention_limit", default=0)
    UserGroupId: str | None = prop("user_group_id")

    security_groups: tuple[SecurityGroup, ...] = several("AWS::EC2::SecurityGroup", by="SecurityGroupIds")

    @property
    def engine(self) -> str | None:
        return in_lower_case(self.Engine)

    @property
    def port(self) -> int | None:
        """The port that it listens on."""
        return port_of(self.engine)

    @property
    def secondary(self) -> bool:
        """There is no Global datastore of serverless caches."""
        return False

    @property
    def keeps_data(self) -> bool:
        """Whether it holds what only its own backups can bring back. Memcached is taken for a cache that may start
        empty."""
        return self.engine != "memcached"

    @property
    def authenticates(self) -> bool:
        """Whether clients have to say who they are. Memcached knows no users."""
        return self.engine == "memcached" or self.UserGroupId is not None


class Authentication(Part):
    Passwords: Secret = prop("passwords")
    Type: str | None = prop("type")


class User(
    View,
    cloudformation="AWS::ElastiCache::User",
    terraform="aws_elasticache_user",
    identity="UserId",
    reference=CLOUDFORMATION + "aws-resource-elasticache-user.html",
):
    AccessString: str | None = prop("access_string")
    AuthenticationMode: Authentication = part(Authentication, "authentication_mode")
    NoPasswordRequired: bool = prop("no_password_required", default=False)
    Passwords: Secret = prop(("passwords", "passwords_wo"))
    UserId: str = prop("user_id", replaces=True)
    UserName: str = prop("user_name", replaces=True)

    @property
    def readable_secret(self) -> bool:
        """Whether one of its passwords stands in the code."""
        return self.Passwords.readable or self.AuthenticationMode.Passwords.readable

    @property
    def lets_anybody_in(self) -> bool:
        """Whether it needs no password, is on, and may run some command."""
        needs_none = self.NoPasswordRequired or in_lower_case(self.AuthenticationMode.Type) == "no-password-required"
        return needs_none and _grants(self.AccessString)


def _grants(access: str | None) -> bool:
    """Whether an access string is on and allows a command: "on ~* +@all"."""
    rules = access.split() if access is not None else []
    return "on" in rules and any(rule.startswith("+") or rule == "allcommands" for rule in rules)


class UserGroup(
    View,
    cloudformation="AWS::ElastiCache::UserGroup",
    terraform="aws_elasticache_user_group",
    identity="UserGroupId",
    reference=CLOUDFORMATION + "aws-resource-elasticache-usergroup.html",
):
    UserGroupId: str = prop("user_group_id", replaces=True)
    UserIds: tuple[str, ...] = prop("user_ids", default=())

    users: tuple[User, ...] = several("AWS::ElastiCache::User", by="UserIds")

    @property
    def lets_anybody_in(self) -> bool:
        """Whether the user that AWS makes is one of its users. One that the code makes is not that one."""
        named = zip(self.UserIds, self.users)
        return any(user_id == BUILT_IN_USER for user_id, user in named if not user.resource.address)
