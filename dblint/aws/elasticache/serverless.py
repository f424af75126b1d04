"""Serverless caches."""

from __future__ import annotations

from dblint.aws.common import CLOUDFORMATION, SecurityGroup, in_lower_case, port_of
from dblint.properties import prop
from dblint.view import View, several


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
