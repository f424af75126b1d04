"""Subnets: their routes, zones and VPCs."""

from __future__ import annotations

from typing import Any

import pytest

from dblint.aws.common import admits_world
from dblint.graph import Graph
from dblint.judge import BROKEN, UNDETERMINED, judge
from dblint.model import Ref, Resource, Unknown, Variable
from dblint.packs import load, own
from tests.aws_support import deployment, fact, resource

SUBNET = "AWS::EC2::Subnet"
WORLD = "0.0.0.0/0"


def of(address: str) -> Ref:
    return Ref((address,))


def subnet(address: str = "subnet", **properties: Any) -> Resource:
    return resource(SUBNET, address, **properties)


def zone(key: str) -> Unknown:
    """A zone that only deployment decides, made in the way that its key says."""
    return Unknown("a zone", is_set=True, variable=Variable(key, "a zone"))


GATEWAY = resource("AWS::EC2::InternetGateway", "gateway")
VPN = resource("AWS::EC2::VPNGateway", "vpn")
VPC = resource("AWS::EC2::VPC", "vpc")
TABLE = resource("AWS::EC2::RouteTable", "table")
ASSOCIATED = resource("AWS::EC2::SubnetRouteTableAssociation", "a", SubnetId=of("subnet"), RouteTableId=of("table"))


def route(**properties: Any) -> Resource:
    return resource("AWS::EC2::Route", "route", **{"RouteTableId": of("table"), **properties})


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"DestinationCidrBlock": WORLD, "GatewayId": of("gateway")}, True),
        ({"DestinationIpv6CidrBlock": "::/0", "GatewayId": of("gateway")}, True),
        ({"DestinationCidrBlock": WORLD, "GatewayId": "igw-0123456789abcdef0"}, True),
        ({"DestinationCidrBlock": "10.0.0.0/8", "GatewayId": of("gateway")}, False),
        ({"DestinationCidrBlock": WORLD, "GatewayId": of("vpn")}, False),
        ({"DestinationCidrBlock": WORLD, "GatewayId": "vgw-0123456789abcdef0"}, False),
        ({"DestinationCidrBlock": WORLD}, False),
        ({"DestinationCidrBlock": WORLD, "GatewayId": Unknown("var.gateway", is_set=True)}, None),
    ],
)
def test_routes(properties: dict[str, Any], expected: bool | None) -> None:
    assert fact("public", subnet(), ASSOCIATED, TABLE, route(**properties), GATEWAY, VPN) is expected


def test_routes_inside_of_a_table() -> None:
    inside = {"DestinationCidrBlock": WORLD, "GatewayId": of("gateway")}
    table = resource("AWS::EC2::RouteTable", "table", source="terraform", Routes=[inside])
    assert fact("public", subnet(), ASSOCIATED, table, GATEWAY) is True
    assert fact("public", subnet(), ASSOCIATED, TABLE, GATEWAY) is False


def test_a_subnet_without_a_table_takes_the_main_one() -> None:
    own = subnet(VpcId=of("vpc"))
    out = {"DestinationCidrBlock": WORLD, "GatewayId": of("gateway")}
    assert fact("public", own, VPC, GATEWAY) is False, "a new VPC routes to itself alone"
    main = resource("AWS::EC2::Route", "route", RouteTableId=Ref(("vpc",), attribute="main_route_table_id"), **out)
    assert fact("public", own, VPC, GATEWAY, main) is True
    taken = resource("AWS::EC2::DefaultRouteTable", "default", DefaultRouteTableId=of("vpc"), Routes=[out])
    assert fact("public", own, VPC, GATEWAY, taken) is True
    other = resource("AWS::EC2::MainRouteTableAssociation", "main", VpcId=of("vpc"), RouteTableId=of("table"))
    assert fact("public", own, VPC, GATEWAY, other, TABLE, route(**out)) is True
    assert fact("public", subnet(VpcId=of("vpc")), VPC, GATEWAY, other, TABLE) is False


def test_where_no_table_is_in_the_code() -> None:
    assert fact("public", subnet()) is None
    assert fact("public", subnet(VpcId="vpc-1", MapPublicIpOnLaunch=True)) is True
    assert fact("public", subnet(VpcId="vpc-1", MapPublicIpOnLaunch=False)) is None
    assert fact("public", subnet(VpcId=of("vpc"), MapPublicIpOnLaunch=True), VPC) is False, "its routes decide"


NAMES = "2 data.aws_availability_zones.available.names"


@pytest.mark.parametrize(
    ("zones", "expected"),
    [
        (["eu-west-1a"], True),
        ([None], True),
        (["eu-west-1a", "eu-west-1a"], True),
        (["eu-west-1a", "eu-west-1b"], False),
        ([None, None], None),
        (["eu-west-1a", None], None),
        (["eu-west-1a", None, "eu-west-1b"], False),
        ([zone(f"{NAMES}[0]"), zone(f"{NAMES}[1]")], False),
        ([zone(f"{NAMES}[0]"), zone(f"{NAMES}[0]")], True),
        ([zone(f"{NAMES}[0]"), zone("2 data.aws_availability_zones.other.names[1]")], None),
        (
            [zone("3Fn::Select('0',3Fn::GetAZs(2AWS::Region))"), zone("3Fn::Select('1',3Fn::GetAZs(2AWS::Region))")],
            False,
        ),
        ([zone('2 "${var.region}a"'), zone('2 "${var.region}c"')], False),
        ([zone("3Fn::Sub(2AWS::Region,'a')"), zone("3Fn::Sub(2AWS::Region,'b')")], False),
        ([zone("2 var.first"), zone("2 var.second")], None),
        ([zone("2 var.zone"), zone("2 var.zone")], True),
        ([], False),
    ],
)
def test_zones(zones: list[Any], expected: bool | None) -> None:
    made = [subnet(f"s{i}", **({"AvailabilityZone": zone} if zone else {})) for i, zone in enumerate(zones)]
    group = resource("AWS::RDS::DBSubnetGroup", "group", SubnetIds=[of(s.address) for s in made])
    assert fact("in_one_zone", group, *made) is expected


def test_subnets_that_lie_outside() -> None:
    known = subnet("known", AvailabilityZone="eu-west-1a")
    group = resource("AWS::RDS::DBSubnetGroup", "group", SubnetIds=["subnet-1", of("known")])
    assert fact("in_one_zone", group, known) is None
    loose = resource("AWS::RDS::DBSubnetGroup", "group", SubnetIds=Unknown("var.subnets", is_set=True))
    assert fact("in_one_zone", loose) is None


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        (of("vpc"), of("vpc"), False),
        (of("vpc"), of("other"), True),
        ("vpc-1", "vpc-2", True),
        ("vpc-1", "vpc-1", False),
        (zone("2 var.vpc"), zone("2 var.vpc"), False),
        (zone("2 var.vpc"), zone("2 var.other"), None),
        (zone("2 var.vpc"), "vpc-1", None),
        (of("vpc"), "vpc-1", None),
    ],
)
def test_vpcs(one: Any, two: Any, expected: bool | None) -> None:
    proxy = resource("AWS::RDS::DBProxy", "proxy", DBProxyName="p", VpcSubnetIds=[of("one")])
    target = resource("AWS::RDS::DBProxyTarget", "target", DBProxyName=of("proxy"), DBInstanceIdentifier=of("db"))
    database = resource("AWS::RDS::DBInstance", "db", Engine="mysql", DBSubnetGroupName=of("group"))
    group = resource("AWS::RDS::DBSubnetGroup", "group", SubnetIds=[of("two")])
    subnets = subnet("one", VpcId=one), subnet("two", VpcId=two)
    other = resource("AWS::EC2::VPC", "other")
    assert fact("in_other_vpc", proxy, target, database, group, *subnets, VPC, other) is expected


OF_VPC = Ref(("aws_vpc.main",), Unknown("var.range"), "cidr_block")


@pytest.mark.parametrize(
    ("ranges", "open"),
    [
        ({"CidrIp": WORLD}, True),
        ({"CidrIp": "10.0.0.0/8"}, False),
        ({"CidrIp": Unknown("var.allowed")}, None),
        ({"CidrIp": OF_VPC}, False),
        ({"CidrIp": Ref(("Vpc",), Unknown("Vpc.CidrBlock"), "CidrBlock")}, False),
        ({"CidrIp": Unknown("data.aws_vpc.main[0].cidr_block")}, False),
        ({"CidrIp": Unknown("module.vpc.vpc_cidr_block (the module x/vpc/aws is not installed)")}, False),
        ({"CidrIp": Unknown("parameter VpcCidr")}, False),
        ({"CidrIp": Unknown("module.vpc.allowed_cidrs (the module x/vpc/aws is not installed)")}, None),
        ({"CidrIp": Unknown("module.net.allowed (the module x/vpc_cidr/aws is not installed)")}, None),
        ({"IpRanges": [OF_VPC, WORLD]}, True),
        ({"IpRanges": [None, WORLD]}, True),
        ({"IpRanges": [OF_VPC, "10.0.0.0/8"]}, False),
        ({"IpRanges": [OF_VPC, Unknown("var.allowed")]}, None),
        ({"IpRanges": Unknown("var.private_subnet_cidrs")}, False),
        ({"IpRanges": Unknown("var.allowed")}, None),
    ],
)
def test_the_range_of_a_network_is_not_the_world(ranges: dict[str, Any], open: bool | None) -> None:
    rule = resource("AWS::EC2::SecurityGroupIngress", IpProtocol="tcp", **ranges)
    assert fact(admits_world, rule) is open


@pytest.mark.parametrize(
    ("first", "last", "outcome"),
    [(0, 65535, BROKEN), (3306, 3306, UNDETERMINED), (443, 443, UNDETERMINED)],
)
def test_the_port_of_an_engine_that_nobody_knows(first: int, last: int, outcome: str) -> None:
    """Every port admits it; of some ports nobody can tell."""
    rule = next(rule for rule in load([own()]) if rule.id == "database-port-open-to-world")
    permission = {"IpProtocol": "tcp", "FromPort": first, "ToPort": last, "CidrIp": WORLD}
    group = resource("AWS::EC2::SecurityGroup", "group", SecurityGroupIngress=[permission])
    engine = Unknown("var.engine", is_set=True, variable=Variable("var.engine", "var.engine"))
    database = resource("AWS::RDS::DBInstance", "db", Engine=engine, VPCSecurityGroups=[of("group")])
    assert {case.outcome for case in judge(rule, group, Graph(deployment(group, database)))} == {outcome}
