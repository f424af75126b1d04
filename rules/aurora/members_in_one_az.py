from dblint import HIGH, rule
from dblint.aws.rds import DBCluster


@rule(severity=HIGH, category="availability")
def members_in_one_az(cluster: DBCluster) -> bool:
    """All instances of the production Aurora cluster stand in one Availability Zone."""
    return cluster.production and cluster.aurora and cluster.in_one_zone
