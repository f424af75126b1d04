from dblint import HIGH, rule
from dblint.aws.rds import DBProxy


@rule(severity=HIGH, category="validity", about="VpcSubnetIds")
def in_other_vpc(proxy: DBProxy) -> bool:
    """Proxy stands in another VPC than the database behind it."""
    return proxy.in_other_vpc
