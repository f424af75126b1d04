"""Amazon ElastiCache: clusters of nodes, replication groups, serverless caches, and their users."""

from __future__ import annotations

from dblint.aws.elasticache.cluster import CacheCluster
from dblint.aws.elasticache.group import ParameterGroup, ReplicationGroup
from dblint.aws.elasticache.serverless import ServerlessCache
from dblint.aws.elasticache.users import User, UserGroup

__all__ = ["CacheCluster", "ParameterGroup", "ReplicationGroup", "ServerlessCache", "User", "UserGroup"]
