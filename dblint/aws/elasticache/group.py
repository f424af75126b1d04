"""Replication groups, Valkey or Redis OSS, and parameter groups."""

from __future__ import annotations

from dblint.aws.common import CLOUDFORMATION, REGISTRY, SecurityGroup, distinct, in_lower_case, port_of
from dblint.aws.elasticache.versions import ended
from dblint.properties import Entries, Pairs, Secret, prop
from dblint.reading import fewer_than, undetermined
from dblint.view import Part, View, many, one, parts, several

_API = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html"

# Replicas of a shard, and nodes of a group without shards: the text of CreateReplicationGroup.
MOST_REPLICAS = 5
MOST_NODES_WITHOUT_SHARDS = 6


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
    PreferredCacheClusterAZs: tuple[str, ...] = prop(
        ("preferred_cache_cluster_azs", "availability_zones"), default=(), replaces=True
    )
    PrimaryClusterId: str | None = prop()
    ReplicasPerNodeGroup: int | None = prop(("replicas_per_node_group", "cluster_mode.replicas_per_node_group"))
    ReplicationGroupId: str | None = prop("replication_group_id", replaces=True)
    SecurityGroupIds: tuple[str, ...] = prop("security_group_ids", default=())
    SnapshotRetentionLimit: int = prop("snapshot_retention_limit", default=0)
    TransitEncryptionEnabled: bool = prop("transit_encryption_enabled", default=False)
    UserGroupIds: tuple[str, ...] = prop("user_group_ids", default=())

    members: tuple[View, ...] = many("AWS::ElastiCache::CacheCluster", by="group")
    parameter_group: ParameterGroup | None = one("AWS::ElastiCache::ParameterGroup", by="CacheParameterGroupName")
    primary: View | None = one("AWS::ElastiCache::CacheCluster", by="PrimaryClusterId")
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
