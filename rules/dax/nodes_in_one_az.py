from dblint import HIGH, rule
from dblint.aws.dax import Cluster


@rule(severity=HIGH, category="availability", about="AvailabilityZones")
def nodes_in_one_az(cluster: Cluster) -> bool:
    """All nodes of the production DAX cluster stand in one Availability Zone."""
    return cluster.production and not cluster.zones_do_not_fit and cluster.in_one_zone
