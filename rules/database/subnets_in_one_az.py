from dblint import HIGH, rule
from dblint.aws.rds import DBSubnetGroup
from dblint.aws.redshift import ClusterSubnetGroup
from dblint.aws.subnet_groups import (
    CacheSubnetGroup,
    DAXSubnetGroup,
    DocDBSubnetGroup,
    NeptuneSubnetGroup,
    ReplicationSubnetGroup,
)


@rule(severity=HIGH, category="availability", about="SubnetIds")
def subnets_in_one_az(
    group: DBSubnetGroup
    | ClusterSubnetGroup
    | CacheSubnetGroup
    | DAXSubnetGroup
    | ReplicationSubnetGroup
    | DocDBSubnetGroup
    | NeptuneSubnetGroup,
) -> bool:
    """Databases of production can be placed in one Availability Zone only."""
    return group.production and group.in_one_zone
