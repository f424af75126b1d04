"""Amazon Redshift: clusters with their parameter and subnet groups and logs, and Redshift Serverless."""

from __future__ import annotations

from dblint.aws.common import CHANGELOG, CLOUDFORMATION, REGISTRY, SecurityGroup
from dblint.aws.network import Placed, Subnet
from dblint.defaults import PerSource, Since
from dblint.model import Unknown
from dblint.properties import Secret, prop
from dblint.reading import fewer_than
from dblint.view import Part, View, many, one, part, parts, several

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_API = "https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateCluster.html"
# "publicly_accessible now defaults to false", "the default value of encrypted is now true", and the blocks logging and
# snapshot_copy are gone: 6.0.0 of June 18, 2025.

# Node types that CreateCluster no longer lists, and those of DC2, which AWS speaks of in the past:
# https://aws.amazon.com/blogs/big-data/best-practices-for-upgrading-from-amazon-redshift-dc2-to-ra3-and-amazon-redshift-serverless/
RETIRED = (
    "dc1.8xlarge",
    "dc1.large",
    "dc2.8xlarge",
    "dc2.large",
    "ds1.8xlarge",
    "ds1.xlarge",
    "ds2.8xlarge",
    "ds2.xlarge",
    "dw1.8xlarge",
    "dw1.xlarge",
    "dw2.8xlarge",
    "dw2.large",
)
# Node types that can stand in two zones: https://docs.aws.amazon.com/redshift/latest/mgmt/overview-multi-az.html
MULTI_AZ_TYPES = ("ra3.16xlarge", "ra3.4xlarge", "ra3.large", "ra3.xlplus")
# Ports of clusters with RA3 or RG nodes: the Port parameter of CreateCluster.
_PORTS = (range(5431, 5456), range(8191, 8216))
# Zones that the subnet group of a Multi-AZ cluster spans: https://github.com/aws/modern-data-architecture-accelerator
_MULTI_AZ_SUBNETS = 3

# The family of parameter groups in which require_ssl is true, the default of clusters made since January 2025: AWS
# Security Blog, "Amazon Redshift enhances security by changing default behavior in 2025". A custom group begins with
# the values of its family: https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-parameter-groups.html
_FAMILY_WITH_TLS = "redshift-2.0"
_TRUE = ("true", "True", "TRUE", "1", "on")


def _retention(cluster: Cluster) -> Any:
    """One day; a restored cluster keeps the period of the one that the snapshot is of, where Terraform does not send
    its own default: API_RestoreFromClusterSnapshot."""
    if cluster.restored and cluster.resource.source != "terraform":
        return Unknown("it keeps the retention period of what it is restored from", is_set=True)
    return 1


def _nodes(cluster: Cluster) -> Any:
    """One; a restored cluster has as many as its snapshot."""
    return Unknown("it has as many nodes as its snapshot", is_set=True) if cluster.restored else 1


def _is_true(value: str | None) -> bool:
    return any(value == true for true in _TRUE)


class Parameter(Part):
    ParameterName: str = prop("name")
    ParameterValue: str = prop("value")


class ClusterParameterGroup(
    View,
    cloudformation="AWS::Redshift::ClusterParameterGroup",
    terraform="aws_redshift_parameter_group",
    identity="ParameterGroupName",
    reference=CLOUDFORMATION + "aws-resource-redshift-clusterparametergroup.html",
    supporting=True,
):
    ParameterGroupFamily: str = prop("family", replaces=True)
    ParameterGroupName: str | None = prop("name", replaces=True)
    Parameters: tuple[Parameter, ...] = parts(Parameter, "parameter")

    @property
    def requires_tls(self) -> bool:
        """Whether clients have to encrypt: as it says, else as its family does."""
        for parameter in self.Parameters:
            if parameter.ParameterName == "require_ssl":
                return _is_true(parameter.ParameterValue)
        return self.ParameterGroupFamily == _FAMILY_WITH_TLS


class ClusterSubnetGroup(
    Placed,
    View,
    cloudformation="AWS::Redshift::ClusterSubnetGroup",
    terraform="aws_redshift_subnet_group",
    identity="ClusterSubnetGroupName",
    reference=CLOUDFORMATION + "aws-resource-redshift-clustersubnetgroup.html",
    supporting=True,
):
    ClusterSubnetGroupName: str | None = prop("name")
    SubnetIds: tuple[str, ...] = prop("subnet_ids", default=())

    subnets: tuple[Subnet, ...] = several("AWS::EC2::Subnet", by="SubnetIds")


class LoggingProperties(Part):
    BucketName: str | None = prop("bucket_name")
    Enable: bool = prop("enable", default=False, in_schema=False)


class Logging(
    View,
    cloudformation="AWS::Redshift::Logging",
    terraform="aws_redshift_logging",
    reference=REGISTRY + "redshift_logging",
    supporting=True,
    in_schema=False,
):
    """The audit logs of a cluster, which Terraform keeps apart from it."""

    ClusterIdentifier: str | None = prop("cluster_identifier", in_schema=False)

    cluster: Cluster | None = one("AWS::Redshift::Cluster", by="ClusterIdentifier")


class Cluster(
    View,
    cloudformation="AWS::Redshift::Cluster",
    terraform="aws_redshift_cluster",
    identity="ClusterIdentifier",
    reference=CLOUDFORMATION + "aws-resource-redshift-cluster.html",
):
    """A provisioned data warehouse."""

    AutomatedSnapshotRetentionPeriod: int = prop(
        "automated_snapshot_retention_period", default=_retention, reference=_API
    )
    ClusterIdentifier: str | None = prop("cluster_identifier", replaces=True)
    ClusterParameterGroupName: str | None = prop("cluster_parameter_group_name")
    ClusterSubnetGroupName: str | None = prop("cluster_subnet_group_name", replaces=True)
    ClusterType: str | None = prop("cluster_type")
    ElasticIp: str | None = prop("elastic_ip")
    Encrypted: bool = prop(
        "encrypted",
        default=PerSource(cloudformation=True, terraform=Since(False, (("6.0.0", True),))),
        reference=CHANGELOG,
    )
    LoggingProperties: LoggingProperties = part(LoggingProperties, "logging")
    ManageMasterPassword: bool = prop("manage_master_password", default=False)
    MasterUserPassword: Secret = prop(("master_password", "master_password_wo"))
    MultiAZ: bool = prop("multi_az", default=False)
    NodeType: str = prop("node_type")
    NumberOfNodes: int = prop("number_of_nodes", default=_nodes, reference=_API)
    Port: int = prop("port", default=5439)
    PubliclyAccessible: bool = prop(
        "publicly_accessible",
        default=PerSource(cloudformation=False, terraform=Since(True, (("6.0.0", False),))),
        reference=CHANGELOG,
    )
    SnapshotIdentifier: str | None = prop(("snapshot_identifier", "snapshot_arn"), replaces=True)
    VpcSecurityGroupIds: tuple[str, ...] = prop("vpc_security_group_ids", default=())

    logs: tuple[Logging, ...] = many("AWS::Redshift::Logging", by="cluster")
    parameter_group: ClusterParameterGroup | None = one(
        "AWS::Redshift::ClusterParameterGroup", by="ClusterParameterGroupName"
    )
    security_groups: tuple[SecurityGroup, ...] = several("AWS::EC2::SecurityGroup", by="VpcSecurityGroupIds")
    subnet_group: ClusterSubnetGroup | None = one("AWS::Redshift::ClusterSubnetGroup", by="ClusterSubnetGroupName")

    @property
    def restored(self) -> bool:
        """Whether it is made from a snapshot."""
        return self.SnapshotIdentifier is not None

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self.Port

    @property
    def single_node(self) -> bool:
        """Whether one node does everything. Terraform's provider looks at the number of nodes only."""
        if self.resource.source != "terraform":
            if self.ClusterType == "single-node":
                return True
            if self.ClusterType == "multi-node":
                return False
        return self.NumberOfNodes < 2

    @property
    def contradicts_itself(self) -> bool:
        """Whether its type says something else than its number of nodes."""
        if self.ClusterType == "multi-node":
            return self.NumberOfNodes < 2
        return self.ClusterType == "single-node" and self.NumberOfNodes > 1

    @property
    def retired(self) -> bool:
        """Whether AWS no longer offers its type of nodes."""
        return any(self.NodeType == retired for retired in RETIRED)

    @property
    def can_be_multi_az(self) -> bool:
        """Whether it may stand in two zones as it is: several nodes of a type that can."""
        return not self.single_node and any(self.NodeType == type for type in MULTI_AZ_TYPES)

    @property
    def fits_multi_az(self) -> bool:
        """Whether it has what AWS wants of a cluster in two zones."""
        if self.single_node or self.ElasticIp is not None:
            return False
        if not any(first.start <= self.Port <= first.stop - 1 for first in _PORTS):
            return False
        return self.subnet_group is None or not fewer_than(_MULTI_AZ_SUBNETS, self.subnet_group.SubnetIds)

    @property
    def audited(self) -> bool:
        """Whether it writes its audit logs somewhere."""
        if self.resource.source == "terraform":
            return self.LoggingProperties.Enable or bool(self.logs)
        return self.has("LoggingProperties")

    @property
    def requires_tls(self) -> bool:
        """Whether clients have to encrypt. A new cluster that names no parameter group gets one that wants it."""
        group = self.parameter_group
        if self.ClusterParameterGroupName is None or group is None:
            return True
        if not group.resource.address:
            if self.ClusterParameterGroupName == "default.redshift-1.0":
                return False
            if self.ClusterParameterGroupName == "default.redshift-2.0":
                return True
        return group.requires_tls


class ConfigParameter(Part):
    ParameterKey: str = prop("parameter_key")
    ParameterValue: str = prop("parameter_value")


class Workgroup(
    View,
    cloudformation="AWS::RedshiftServerless::Workgroup",
    terraform="aws_redshiftserverless_workgroup",
    identity="WorkgroupName",
    reference=CLOUDFORMATION + "aws-resource-redshiftserverless-workgroup.html",
):
    """The compute of a serverless data warehouse."""

    ConfigParameters: tuple[ConfigParameter, ...] = parts(ConfigParameter, "config_parameter")
    NamespaceName: str | None = prop("namespace_name", replaces=True)
    Port: int = prop("port", default=5439)
    PubliclyAccessible: bool = prop("publicly_accessible", default=False)
    SecurityGroupIds: tuple[str, ...] = prop("security_group_ids", default=())
    WorkgroupName: str = prop("workgroup_name", replaces=True)

    security_groups: tuple[SecurityGroup, ...] = several("AWS::EC2::SecurityGroup", by="SecurityGroupIds")

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self.Port

    @property
    def requires_tls(self) -> bool:
        """Whether clients have to encrypt, which they have to unless it says otherwise."""
        for parameter in self.ConfigParameters:
            if parameter.ParameterKey == "require_ssl":
                return _is_true(parameter.ParameterValue)
        return True


class Namespace(
    View,
    cloudformation="AWS::RedshiftServerless::Namespace",
    terraform="aws_redshiftserverless_namespace",
    identity="NamespaceName",
    reference=CLOUDFORMATION + "aws-resource-redshiftserverless-namespace.html",
):
    """The data of a serverless data warehouse."""

    LogExports: tuple[str, ...] = prop("log_exports", default=())
    NamespaceName: str = prop("namespace_name", replaces=True)

    @property
    def audited(self) -> bool:
        """Whether it writes its audit logs somewhere."""
        return bool(self.LogExports)
