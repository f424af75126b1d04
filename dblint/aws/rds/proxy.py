"""RDS Proxy: proxies and the databases behind them."""

from __future__ import annotations

from collections.abc import Iterator

from dblint.aws.common import CLOUDFORMATION, SecurityGroup
from dblint.aws.network import Subnet, in_fewer_zones, in_other_vpc
from dblint.aws.rds.cluster import DBCluster
from dblint.aws.rds.engines import proxy_family
from dblint.aws.rds.groups import DBSubnetGroup
from dblint.aws.rds.instance import DBInstance
from dblint.model import Unknown
from dblint.properties import prop
from dblint.view import Part, View, many, mentions, one, parts, several


class ProxyAuth(Part):
    AuthScheme: str | None = prop("auth_scheme")
    IAMAuth: str = prop("iam_auth", default="DISABLED")
    SecretArn: str | None = prop("secret_arn")


class DBProxy(
    View,
    cloudformation="AWS::RDS::DBProxy",
    terraform="aws_db_proxy",
    identity="DBProxyName",
    reference=CLOUDFORMATION + "aws-resource-rds-dbproxy.html",
):
    Auth: tuple[ProxyAuth, ...] = parts(ProxyAuth, "auth")
    DBProxyName: str = prop("name", replaces=True)
    DefaultAuthScheme: str = prop("default_auth_scheme", default="NONE")
    EngineFamily: str = prop("engine_family", replaces=True)
    RequireTLS: bool = prop("require_tls", default=False)
    VpcSecurityGroupIds: tuple[str, ...] = prop("vpc_security_group_ids", default=())
    VpcSubnetIds: tuple[str, ...] = prop("vpc_subnet_ids", default=(), replaces=True)

    secrets: tuple[View, ...] = mentions("AWS::SecretsManager::Secret", by="Auth")
    security_groups: tuple[SecurityGroup, ...] = several("AWS::EC2::SecurityGroup", by="VpcSecurityGroupIds")
    single_targets: tuple[DBProxyTarget, ...] = many("AWS::RDS::DBProxyTarget", by="proxy")
    subnets: tuple[Subnet, ...] = several("AWS::EC2::Subnet", by="VpcSubnetIds")
    target_groups: tuple[DBProxyTargetGroup, ...] = many("AWS::RDS::DBProxyTargetGroup", by="proxy")

    def targets(self) -> Iterator[DBInstance | DBCluster]:
        """The databases behind it."""
        for target in self.single_targets:
            yield from target.databases()
        for group in self.target_groups:
            yield from group.databases()

    @property
    def end_to_end_iam(self) -> bool:
        """Whether both sides of it log in through IAM, without any secret."""
        return self.DefaultAuthScheme == "IAM_AUTH"

    @property
    def lets_in_without_iam(self) -> bool:
        """Whether a client may log in with a password alone."""
        return not self.end_to_end_iam and any(auth.IAMAuth != "REQUIRED" for auth in self.Auth)

    @property
    def lacks_secret(self) -> bool:
        """Whether it has nothing to log in to the database with. One that only deployment knows counts as one."""
        if self.end_to_end_iam:
            return False
        return not self.Auth or any(not auth.has("SecretArn") and auth.SecretArn is None for auth in self.Auth)

    @property
    def mismatched(self) -> bool:
        """Whether a database behind it, of an engine that RDS Proxy supports, is of another family."""
        families = (proxy_family(target.engine) for target in self.targets() if target.engine is not None)
        return any(family is not None and family != self.EngineFamily for family in families)

    @property
    def unsupported(self) -> bool:
        """Whether RDS Proxy can not stand before a database behind it."""
        return any(
            (isinstance(target, DBCluster) and target.serverless_v1)
            or (target.engine is not None and proxy_family(target.engine) is None)
            for target in self.targets()
        )

    @property
    def in_one_zone(self) -> bool:
        return in_fewer_zones(2, self.subnets)

    @property
    def in_other_vpc(self) -> bool:
        """Whether a database behind it stands in another VPC."""
        groups = (target.placement for target in self.targets())
        return any(group is not None and self._stands_elsewhere(group) for group in groups)

    def _stands_elsewhere(self, group: DBSubnetGroup) -> bool:
        own, theirs = self.raw("VpcSubnetIds"), group.raw("SubnetIds")
        if (
            isinstance(own, Unknown)
            and isinstance(theirs, Unknown)
            and own.variable
            and own.variable == theirs.variable
        ):
            return False  # one list that nobody knows is in one VPC
        return in_other_vpc(self.subnets, group.subnets)


class DBProxyTargetGroup(
    View,
    cloudformation="AWS::RDS::DBProxyTargetGroup",
    reference=CLOUDFORMATION + "aws-resource-rds-dbproxytargetgroup.html",
    supporting=True,
):
    """The databases behind a proxy, as CloudFormation declares them."""

    DBClusterIdentifiers: tuple[str, ...] = prop(default=())
    DBInstanceIdentifiers: tuple[str, ...] = prop(default=())
    DBProxyName: str | None = prop(replaces=True)

    db_clusters: tuple[DBCluster, ...] = several("AWS::RDS::DBCluster", by="DBClusterIdentifiers")
    db_instances: tuple[DBInstance, ...] = several("AWS::RDS::DBInstance", by="DBInstanceIdentifiers")
    proxy: DBProxy | None = one("AWS::RDS::DBProxy", by="DBProxyName")

    def databases(self) -> Iterator[DBInstance | DBCluster]:
        yield from self.db_clusters
        yield from self.db_instances


class DBProxyTarget(
    View,
    cloudformation="AWS::RDS::DBProxyTarget",
    terraform="aws_db_proxy_target",
    reference="https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_proxy_target",
    supporting=True,
    in_schema=False,
):
    """One database behind a proxy, as Terraform declares it."""

    DBClusterIdentifier: str | None = prop("db_cluster_identifier", in_schema=False)
    DBInstanceIdentifier: str | None = prop("db_instance_identifier", in_schema=False)
    DBProxyName: str | None = prop("db_proxy_name", in_schema=False)

    db_cluster: DBCluster | None = one("AWS::RDS::DBCluster", by="DBClusterIdentifier")
    db_instance: DBInstance | None = one("AWS::RDS::DBInstance", by="DBInstanceIdentifier")
    proxy: DBProxy | None = one("AWS::RDS::DBProxy", by="DBProxyName")

    def databases(self) -> Iterator[DBInstance | DBCluster]:
        return (database for database in (self.db_cluster, self.db_instance) if database is not None)
