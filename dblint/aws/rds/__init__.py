"""Amazon RDS and Aurora: instances, clusters, snapshots, groups and proxies."""

from __future__ import annotations

from dblint.aws.rds.cluster import ActivityStream, DBCluster, GlobalCluster
from dblint.aws.rds.groups import (
    DBClusterParameterGroup,
    DBParameterGroup,
    DBSecurityGroup,
    DBSubnetGroup,
    OptionGroup,
)
from dblint.aws.rds.instance import DBInstance
from dblint.aws.rds.proxy import DBProxy, DBProxyTarget, DBProxyTargetGroup
from dblint.aws.rds.snapshots import ClusterSnapshot, DBSnapshot

__all__ = [
    "ActivityStream",
    "ClusterSnapshot",
    "DBCluster",
    "DBClusterParameterGroup",
    "DBInstance",
    "DBParameterGroup",
    "DBProxy",
    "DBProxyTarget",
    "DBProxyTargetGroup",
    "DBSecurityGroup",
    "DBSnapshot",
    "DBSubnetGroup",
    "GlobalCluster",
    "OptionGroup",
]
