from dblint import HIGH, rule
from dblint.aws.rds import DBSubnetGroup


@rule(severity=HIGH, category="exposure", about="SubnetIds")
def in_public_subnet(group: DBSubnetGroup) -> bool:
    """Databases may be placed in a subnet that the internet can reach."""
    return any(subnet.public for subnet in group.subnets)
