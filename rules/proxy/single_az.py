from dblint import HIGH, rule
from dblint.aws.rds import DBProxy


@rule(severity=HIGH, category="availability", about="VpcSubnetIds")
def single_az(proxy: DBProxy) -> bool:
    """Proxy of production has subnets in one Availability Zone only."""
    return proxy.production and proxy.in_one_zone
