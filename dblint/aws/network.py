"""The network around databases: VPCs, subnets with their zones and routes, internet gateways."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dblint.aws.common import CLOUDFORMATION, is_world
from dblint.model import Unknown, Value
from dblint.properties import prop
from dblint.reading import together, undetermined
from dblint.view import Part, View, many, one, parts

# Where the zones of a Region are listed: Terraform's data source, CloudFormation's function. No zone is listed twice.
_ZONES = ("aws_availability_zones", "Fn::GetAZs")
# A name of a zone is the Region and a letter; both sources keep the pieces of a text in its key.
_REGION = ("region", "Region")


class VPC(
    View,
    cloudformation="AWS::EC2::VPC",
    terraform=("aws_vpc", "aws_default_vpc"),
    reference=CLOUDFORMATION + "aws-resource-ec2-vpc.html",
    supporting=True,
):
    main_associations: tuple[MainRouteTableAssociation, ...] = many("AWS::EC2::MainRouteTableAssociation", by="vpc")
    default_tables: tuple[DefaultRouteTable, ...] = many("AWS::EC2::DefaultRouteTable", by="vpc")
    main_routes: tuple[Route, ...] = many("AWS::EC2::Route", by="main_table_of")

    @property
    def main_table_leads_to_internet(self) -> bool:
        """Whether its main route table has a route to an internet gateway; a new one has none."""
        if any(
            association.route_table and association.route_table.leads_to_internet
            for association in self.main_associations
        ):
            return True
        return any(table.leads_to_internet for table in self.default_tables) or any(
            route.leads_to_internet for route in self.main_routes
        )


class InternetGateway(
    View,
    cloudformation="AWS::EC2::InternetGateway",
    terraform="aws_internet_gateway",
    reference=CLOUDFORMATION + "aws-resource-ec2-internetgateway.html",
    supporting=True,
):
    """The way between a VPC and the internet."""


class VPNGateway(
    View,
    cloudformation="AWS::EC2::VPNGateway",
    terraform="aws_vpn_gateway",
    reference=CLOUDFORMATION + "aws-resource-ec2-vpngateway.html",
    supporting=True,
):
    """The way between a VPC and another network, which routes name as they name an internet gateway."""


def _leads_to_internet(route: RouteEntry | Route) -> bool:
    destinations = (route.DestinationCidrBlock, route.DestinationIpv6CidrBlock)
    if route.GatewayId is None or not any(is_world(cidr) for cidr in destinations if cidr is not None):
        return False
    gateway = route.gateway
    if gateway is None or gateway.outside:
        return str(route.GatewayId).startswith("igw-")
    return isinstance(gateway, InternetGateway)


class RouteEntry(Part):
    """A route inside of its table, which Terraform has."""

    DestinationCidrBlock: str | None = prop("cidr_block", in_schema=False)
    DestinationIpv6CidrBlock: str | None = prop("ipv6_cidr_block", in_schema=False)
    GatewayId: str | None = prop("gateway_id", in_schema=False)

    gateway: View | None = one("AWS::EC2::InternetGateway", "AWS::EC2::VPNGateway", by="GatewayId")

    @property
    def leads_to_internet(self) -> bool:
        return _leads_to_internet(self)


class Route(
    View,
    cloudformation="AWS::EC2::Route",
    terraform="aws_route",
    reference=CLOUDFORMATION + "aws-resource-ec2-route.html",
    supporting=True,
):
    DestinationCidrBlock: str | None = prop("destination_cidr_block", replaces=True)
    DestinationIpv6CidrBlock: str | None = prop("destination_ipv6_cidr_block", replaces=True)
    GatewayId: str | None = prop("gateway_id")
    RouteTableId: str | None = prop("route_table_id", replaces=True)

    gateway: View | None = one("AWS::EC2::InternetGateway", "AWS::EC2::VPNGateway", by="GatewayId")
    main_table_of: VPC | None = one("AWS::EC2::VPC", by="RouteTableId")
    route_table: RouteTable | None = one("AWS::EC2::RouteTable", by="RouteTableId")

    @property
    def leads_to_internet(self) -> bool:
        return _leads_to_internet(self)


class RouteTable(
    View,
    cloudformation="AWS::EC2::RouteTable",
    terraform="aws_route_table",
    reference=CLOUDFORMATION + "aws-resource-ec2-routetable.html",
    supporting=True,
):
    Routes: tuple[RouteEntry, ...] = parts(RouteEntry, "route", in_schema=False)

    routes: tuple[Route, ...] = many("AWS::EC2::Route", by="route_table")

    @property
    def leads_to_internet(self) -> bool:
        """Whether what it routes can reach the internet and be reached from there."""
        return any(route.leads_to_internet for route in together(self.Routes, self.routes))


class DefaultRouteTable(
    View,
    cloudformation="AWS::EC2::DefaultRouteTable",
    terraform="aws_default_route_table",
    reference="https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/default_route_table",
    supporting=True,
    in_schema=False,
):
    """The main route table that a VPC is born with, which only Terraform takes over."""

    DefaultRouteTableId: str | None = prop("default_route_table_id", in_schema=False)
    Routes: tuple[RouteEntry, ...] = parts(RouteEntry, "route", in_schema=False)

    vpc: VPC | None = one("AWS::EC2::VPC", by="DefaultRouteTableId")

    @property
    def leads_to_internet(self) -> bool:
        return any(route.leads_to_internet for route in self.Routes)


class MainRouteTableAssociation(
    View,
    cloudformation="AWS::EC2::MainRouteTableAssociation",
    terraform="aws_main_route_table_association",
    reference="https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/main_route_table_association",
    supporting=True,
    in_schema=False,
):
    """Another route table as the main one of a VPC, which only Terraform can say."""

    RouteTableId: str | None = prop("route_table_id", in_schema=False)
    VpcId: str | None = prop("vpc_id", in_schema=False)

    route_table: RouteTable | None = one("AWS::EC2::RouteTable", by="RouteTableId")
    vpc: VPC | None = one("AWS::EC2::VPC", by="VpcId")


class SubnetRouteTableAssociation(
    View,
    cloudformation="AWS::EC2::SubnetRouteTableAssociation",
    terraform="aws_route_table_association",
    reference=CLOUDFORMATION + "aws-resource-ec2-subnetroutetableassociation.html",
    supporting=True,
):
    RouteTableId: str | None = prop("route_table_id", replaces=True)
    SubnetId: str | None = prop("subnet_id", replaces=True)

    route_table: RouteTable | None = one("AWS::EC2::RouteTable", by="RouteTableId")
    subnet: Subnet | None = one("AWS::EC2::Subnet", by="SubnetId")


class Subnet(
    View,
    cloudformation="AWS::EC2::Subnet",
    terraform=("aws_subnet", "aws_default_subnet"),
    reference=CLOUDFORMATION + "aws-resource-ec2-subnet.html",
    supporting=True,
):
    AvailabilityZone: str | None = prop("availability_zone", replaces=True)
    AvailabilityZoneId: str | None = prop("availability_zone_id", replaces=True)
    MapPublicIpOnLaunch: bool = prop("map_public_ip_on_launch", default=False)
    VpcId: str | None = prop("vpc_id", replaces=True)

    associations: tuple[SubnetRouteTableAssociation, ...] = many("AWS::EC2::SubnetRouteTableAssociation", by="subnet")
    vpc: VPC | None = one("AWS::EC2::VPC", by="VpcId")

    @property
    def public(self) -> bool:
        """Whether the internet can reach it: by its route table, or by the main one of its VPC where it has none.

        Where neither is in the code, it is presumed to be if it gives public addresses to what starts in it.
        """
        tables = [association.route_table for association in self.associations]
        if tables:
            return any(table is not None and table.leads_to_internet for table in tables)
        if self.vpc is not None and not self.vpc.outside:
            return self.vpc.main_table_leads_to_internet
        if self.MapPublicIpOnLaunch:
            self.presume("a subnet that gives out public addresses is presumed to be public")
            return True
        return undetermined("its route table lies outside of what was scanned")

    @property
    def zone(self) -> Value:
        """The name or the id of its zone, or the Unknown that stands for it; None where AWS picks one."""
        known = self.AvailabilityZone if self.AvailabilityZone is not None else self.AvailabilityZoneId
        return known if isinstance(known, str) else self.raw("AvailabilityZone") or self.raw("AvailabilityZoneId")


class Placed:
    """What places databases in subnets."""

    __slots__ = ()

    subnets: tuple[Subnet, ...]

    @property
    def in_one_zone(self) -> bool:
        """Whether all that is placed by it stands in one Availability Zone."""
        return in_fewer_zones(2, self.subnets)


def in_fewer_zones(number: int, subnets: Iterable[Subnet]) -> bool:
    """Whether subnets stand in fewer Availability Zones. Undetermined where nobody can tell. Where there are none at
    all, nothing can be made in them."""
    found: list[Value] = []
    for zone in _known_first(subnets):
        if not any(same_zone(zone, other) for other in found):
            found.append(zone)
        if len(found) >= number:
            return False
    return bool(found)


def _known_first(subnets: Iterable[Subnet]) -> list[Value]:
    return sorted((subnet.zone for subnet in subnets), key=lambda zone: not isinstance(zone, str))


def same_zone(one: Value, two: Value) -> bool:
    """Whether two names of zones, known or not, are of one. Undetermined where nobody can tell."""
    if isinstance(one, str) and isinstance(two, str):
        return one == two
    keys = [zone.variable.key if isinstance(zone, Unknown) and zone.variable else "" for zone in (one, two)]
    if all(keys) and keys[0] == keys[1]:
        return True
    if all(keys) and _differ(*keys):
        return False
    return undetermined("the zones are only known at deploy time")


def _differ(one: str, two: str) -> bool:
    """Whether two keys are of different items of one list of zones, or of one Region with different letters."""
    if any(name in one for name in _ZONES):
        return re.sub(r"\d+", "#", one) == re.sub(r"\d+", "#", two)
    start, end = _common(one, two), _common(one[::-1], two[::-1])
    letters = one[start : len(one) - end] + two[start : len(two) - end]
    return any(name in one for name in _REGION) and len(letters) == 2 and letters.isalpha()


def _common(one: str, two: str) -> int:
    """The length of the common beginning."""
    return next((i for i, (a, b) in enumerate(zip(one, two)) if a != b), min(len(one), len(two)))


def in_other_vpc(one: Iterable[Subnet], two: Iterable[Subnet]) -> bool:
    """Whether subnets stand in another VPC than others. Undetermined where nobody can tell."""
    first, second = next(iter(one), None), next(iter(two), None)
    if first is None or second is None:
        return False
    if first.vpc is not None and second.vpc is not None and not first.vpc.outside and not second.vpc.outside:
        return first.vpc != second.vpc
    ids = (first.raw("VpcId"), second.raw("VpcId"))
    if all(isinstance(id, str) for id in ids):
        return bool(ids[0] != ids[1])
    variables = [id.variable for id in ids if isinstance(id, Unknown)]
    if len(variables) == 2 and variables[0] is not None and variables[0] == variables[1]:
        return False
    return undetermined("the VPCs of its subnets are only known at deploy time")
