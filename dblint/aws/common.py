"""What several services share: security groups with their rules, prefix lists, and the ports of the engines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from dblint.model import Address, Ref, Unknown, Value
from dblint.properties import prop
from dblint.reading import known, together, undetermined
from dblint.view import Part, Seen, View, many, one, parts, several

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CLOUDFORMATION = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
CHANGELOG = "https://github.com/hashicorp/terraform-provider-aws/blob/main/CHANGELOG.md"
REGISTRY = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/"

# Ports on which the engines listen where none is set: the Port parameters of CreateDBInstance, CreateDBCluster and
# CreateReplicationGroup in the API references.
PORTS = {
    "aurora-mysql": 3306,
    "aurora-postgresql": 5432,
    "db2-ae": 50000,
    "db2-se": 50000,
    "mariadb": 3306,
    "memcached": 11211,
    "mysql": 3306,
    "oracle-ee": 1521,
    "oracle-ee-cdb": 1521,
    "oracle-se2": 1521,
    "oracle-se2-cdb": 1521,
    "postgres": 5432,
    "redis": 6379,
    "sqlserver-ee": 1433,
    "sqlserver-ex": 1433,
    "sqlserver-se": 1433,
    "sqlserver-web": 1433,
    "valkey": 6379,
}

# Where databases hold a password.
_PASSWORDS = {
    "AWS::ElastiCache::ReplicationGroup": "AuthToken",
    "AWS::RDS::DBCluster": "MasterUserPassword",
    "AWS::RDS::DBInstance": "MasterUserPassword",
    "AWS::Redshift::Cluster": "MasterUserPassword",
}
# What makes nothing but passwords.
_GENERATORS = ("random_password.", "random_string.", "random_id.")

# Attributes of VPCs and subnets that hold their ranges, and names of values that do.
_RANGES_OF_NETWORKS = ("cidr_block", "ipv6_cidr_block", "CidrBlock", "Ipv6CidrBlocks")
_CALLED_RANGE_OF_NETWORK = r"(vpc|subnet)\w*cidr|aws_(vpc|subnet)s?\.\S*cidr_block"

_WORLD = ("0.0.0.0/0", "::/0")
_EVERY_PROTOCOL = ("-1", "all")
_TCP = ("tcp", "6")
_LAST_PORT = 65535


def in_lower_case(engine: str | None) -> str | None:
    """The engine as AWS compares it; an unknown one stays itself."""
    return engine.lower() if isinstance(engine, str) else engine


def one_of(value: object, others: Iterable[object]) -> bool:
    """Whether a value is one of others; asked by equality, so that an unknown one is tried."""
    return any(value == other for other in others)


def port_of(engine: str | None) -> int | None:
    """The port of an engine where none is set; None for one that is not known."""
    return next((port for name, port in PORTS.items() if engine == name), None)


def distinct(values: Iterable[Any]) -> list[Any]:
    """The values without repetitions; two that nobody knows may be one."""
    found: list[Any] = []
    for value in values:
        if not any(value == known for known in found):
            found.append(value)
    return found


def is_password(value: Value, seen: Seen) -> bool:
    """Whether a value is the password of a database of the deployment, or is made from it. What nobody can compare is
    not."""
    return any(_same_secret(value, password, seen) for password in _passwords(seen))


def _passwords(seen: Seen) -> Iterator[Value]:
    for resource in seen.graph.deployment.resources:
        name = _PASSWORDS.get(resource.type)
        if name and seen.reading.resolve(resource.exists) is not False:
            yield resource.properties.get(name)


def _same_secret(one: Value, two: Value, seen: Seen) -> bool:
    one, two = seen.reading.settle(one), seen.reading.settle(two)
    if _generated(one) & _generated(two):
        return True
    first, second = seen.reading.resolve(one), seen.reading.resolve(two)
    if isinstance(first, Unknown) and isinstance(second, Unknown):
        return first.variable is not None and first.variable == second.variable
    return isinstance(first, str) and first != "" and first == second


def _generated(value: Value) -> set[Address]:
    """The generators of passwords that a value is made from."""
    return {a for a in value.to if a.startswith(_GENERATORS)} if isinstance(value, Ref) else set()


def is_world(cidr: object) -> bool:
    """Whether a range of addresses is all of IPv4 or of IPv6, or half of it, since two halves are a way to write all.
    What is no range is not."""
    if not isinstance(cidr, str):
        return any(cidr == world for world in _WORLD)
    import ipaddress

    try:
        return ipaddress.ip_network(cidr, strict=False).prefixlen <= 1
    except ValueError:
        return False


class ScalableTarget(
    View,
    cloudformation="AWS::ApplicationAutoScaling::ScalableTarget",
    terraform="aws_appautoscaling_target",
    reference=CLOUDFORMATION + "aws-resource-applicationautoscaling-scalabletarget.html",
    supporting=True,
):
    """What Application Auto Scaling keeps between two bounds: readers of a cluster, capacity of a table."""

    MaxCapacity: int = prop("max_capacity")
    MinCapacity: int = prop("min_capacity")
    ResourceId: str = prop("resource_id", replaces=True)
    ScalableDimension: str = prop("scalable_dimension", replaces=True)

    db_cluster: View | None = one("AWS::RDS::DBCluster", by="ResourceId")


class PrefixListEntry(Part):
    Cidr: str = prop("cidr")


class PrefixList(
    View,
    cloudformation="AWS::EC2::PrefixList",
    terraform="aws_ec2_managed_prefix_list",
    identity="PrefixListName",
    reference=CLOUDFORMATION + "aws-resource-ec2-prefixlist.html",
    supporting=True,
):
    PrefixListName: str | None = prop("name")
    Entries: tuple[PrefixListEntry, ...] = parts(PrefixListEntry, "entry")

    @property
    def is_world(self) -> bool:
        return any(is_world(entry.Cidr) for entry in self.Entries)


class Permission(Part):
    """An inbound permission inside of a security group. CloudFormation has one range in each, Terraform lists of
    them."""

    IpProtocol: str = prop("protocol", default="-1")
    FromPort: int | None = prop("from_port")
    ToPort: int | None = prop("to_port")
    CidrIp: str | None = prop()
    CidrIpv6: str | None = prop()
    SourcePrefixListId: str | None = prop()
    SourceSecurityGroupId: str | None = prop()
    IpRanges: tuple[str, ...] = prop("cidr_blocks", default=(), in_schema=False)
    Ipv6Ranges: tuple[str, ...] = prop("ipv6_cidr_blocks", default=(), in_schema=False)
    PrefixListIds: tuple[str, ...] = prop("prefix_list_ids", default=(), in_schema=False)
    SecurityGroupIds: tuple[str, ...] = prop("security_groups", default=(), in_schema=False)

    prefix_list: PrefixList | None = one("AWS::EC2::PrefixList", by="SourcePrefixListId")
    prefix_lists: tuple[PrefixList, ...] = several("AWS::EC2::PrefixList", by="PrefixListIds")
    source_group: SecurityGroup | None = one("AWS::EC2::SecurityGroup", by="SourceSecurityGroupId")
    source_groups: tuple[SecurityGroup, ...] = several("AWS::EC2::SecurityGroup", by="SecurityGroupIds")

    @property
    def inbound(self) -> bool:
        return True

    @property
    def admitted(self) -> tuple[SecurityGroup, ...]:
        """The security groups whose members it lets in."""
        return together(_set(self.source_group), self.source_groups)


class IngressRule(
    View,
    cloudformation="AWS::EC2::SecurityGroupIngress",
    terraform=("aws_vpc_security_group_ingress_rule", "aws_security_group_rule"),
    reference=CLOUDFORMATION + "aws-resource-ec2-securitygroupingress.html",
    supporting=True,
):
    """An inbound permission that stands alone. Terraform's older type holds outbound ones as well."""

    GroupId: str | None = prop("security_group_id", replaces=True)
    IpProtocol: str = prop(("ip_protocol", "protocol"), default="-1", replaces=True)
    FromPort: int | None = prop("from_port", replaces=True)
    ToPort: int | None = prop("to_port", replaces=True)
    CidrIp: str | None = prop("cidr_ipv4", replaces=True)
    CidrIpv6: str | None = prop("cidr_ipv6", replaces=True)
    SourcePrefixListId: str | None = prop("prefix_list_id", replaces=True)
    SourceSecurityGroupId: str | None = prop(
        ("referenced_security_group_id", "source_security_group_id"), replaces=True
    )
    Direction: str = prop("type", default="ingress", in_schema=False)
    IpRanges: tuple[str, ...] = prop("cidr_blocks", default=(), in_schema=False)
    Ipv6Ranges: tuple[str, ...] = prop("ipv6_cidr_blocks", default=(), in_schema=False)
    PrefixListIds: tuple[str, ...] = prop("prefix_list_ids", default=(), in_schema=False)

    group: SecurityGroup | None = one("AWS::EC2::SecurityGroup", by="GroupId")
    prefix_list: PrefixList | None = one("AWS::EC2::PrefixList", by="SourcePrefixListId")
    prefix_lists: tuple[PrefixList, ...] = several("AWS::EC2::PrefixList", by="PrefixListIds")
    source_group: SecurityGroup | None = one("AWS::EC2::SecurityGroup", by="SourceSecurityGroupId")

    @property
    def inbound(self) -> bool:
        """Only Terraform's older type can be outbound."""
        return self.resource.kind != "aws_security_group_rule" or self.Direction != "egress"

    @property
    def admitted(self) -> tuple[SecurityGroup, ...]:
        """The security groups whose members it lets in."""
        return _set(self.source_group)


def _set(group: SecurityGroup | None) -> tuple[SecurityGroup, ...]:
    return () if group is None else (group,)


def admits_world(permission: Permission | IngressRule) -> bool:
    """Whether anybody on the internet may connect, by an address range or a prefix list."""
    if not permission.inbound:
        return False
    if any(is_world(cidr) for cidr in _ranges(permission) if cidr is not None):
        return True
    lists = [permission.prefix_list] if permission.prefix_list else []
    return any(prefix_list.is_world for prefix_list in (*lists, *permission.prefix_lists))


def _ranges(permission: Permission | IngressRule) -> Iterator[object]:
    """The ranges that it lets in, but for those of networks."""
    for name in ("CidrIp", "CidrIpv6"):
        if not _is_of_network(_settled(permission, name)):
            yield getattr(permission, name)
    for name in ("IpRanges", "Ipv6Ranges"):
        if not _is_of_network(_settled(permission, name)):
            yield from _listed(permission, name)


def _listed(permission: Permission | IngressRule, name: str) -> Iterator[object]:
    ranges, written = getattr(permission, name), _settled(permission, name)
    if not isinstance(written, list):
        yield from ranges
        return
    reading = permission.reading
    items = [reading.settle(item) for item in written if reading.resolve(item) is not None]
    yield from (cidr for cidr, item in zip(ranges, items) if not _is_of_network(item))


def _settled(seen: Seen, name: str) -> Value:
    """What is written, with its reference."""
    return seen.values if isinstance(seen.values, Unknown) else seen.reading.settle(seen.values.get(name))


def _is_of_network(value: Value) -> bool:
    """Whether a range that nobody knows is that of a VPC or of a subnet, or is called so. AWS takes none above a /16
    (CidrBlock of CreateVpc), so it is not the world."""
    if isinstance(value, Ref):
        return value.attribute in _RANGES_OF_NETWORKS or _is_of_network(value.value)
    if not isinstance(value, Unknown):
        return False
    called = value.because.partition(" (")[0]
    return re.search(_CALLED_RANGE_OF_NETWORK, called, re.IGNORECASE) is not None


def admits_port(permission: Permission | IngressRule, db: Any) -> bool:
    """Whether a permission lets TCP through to the port of a database; None is that of an engine that nobody knows."""
    if any(permission.IpProtocol == every for every in _EVERY_PROTOCOL):
        return True
    if not any(permission.IpProtocol == tcp for tcp in _TCP):
        return False
    if _is_port_of(db, permission, "FromPort") and _is_port_of(db, permission, "ToPort"):
        return True
    first, last, port = permission.FromPort, permission.ToPort, db.port
    if first is None or last is None:
        return False
    if port is None:
        return (first <= 1 and last >= _LAST_PORT) or undetermined("the port of an engine that is not known")
    return bool(first <= port <= last)


def _is_port_of(db: Any, permission: Permission | IngressRule, name: str) -> bool:
    """Whether a bound is taken from the database itself: `aws_db_instance.x.port`, `!GetAtt X.Endpoint.Port`."""
    bound = _settled(permission, name)
    return isinstance(bound, Ref) and db.resource.address in bound.to and bound.attribute.lower().endswith("port")


class SecurityGroup(
    View,
    cloudformation="AWS::EC2::SecurityGroup",
    terraform="aws_security_group",
    reference=CLOUDFORMATION + "aws-resource-ec2-securitygroup.html",
    supporting=True,
):
    SecurityGroupIngress: tuple[Permission, ...] = parts(Permission, "ingress")

    rules: tuple[IngressRule, ...] = many("AWS::EC2::SecurityGroupIngress", by="group")
    db_instances: tuple[View, ...] = many("AWS::RDS::DBInstance", by="security_groups")
    db_clusters: tuple[View, ...] = many("AWS::RDS::DBCluster", by="security_groups")
    cache_clusters: tuple[View, ...] = many("AWS::ElastiCache::CacheCluster", by="security_groups")
    replication_groups: tuple[View, ...] = many("AWS::ElastiCache::ReplicationGroup", by="security_groups")
    serverless_caches: tuple[View, ...] = many("AWS::ElastiCache::ServerlessCache", by="security_groups")
    redshift_clusters: tuple[View, ...] = many("AWS::Redshift::Cluster", by="security_groups")
    redshift_workgroups: tuple[View, ...] = many("AWS::RedshiftServerless::Workgroup", by="security_groups")

    @property
    def permissions(self) -> tuple[Permission | IngressRule, ...]:
        """Its permissions, those that stand alone too."""
        return together(self.SecurityGroupIngress, self.rules)

    def admissions(self, groups: tuple[SecurityGroup, ...]) -> list[Permission | IngressRule]:
        """What lets the members of one of these groups in, as far as that is in the code."""
        return [
            permission
            for permission in known(self.permissions)
            if permission.inbound and any(group in groups for group in known(permission.admitted))
        ]

    @property
    def databases(self) -> tuple[Any, ...]:
        """The databases that carry it; each has a `port`."""
        caches = self.cache_clusters, self.replication_groups, self.serverless_caches
        return together(self.db_instances, self.db_clusters, *caches, self.redshift_clusters, self.redshift_workgroups)
