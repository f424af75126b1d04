from dblint import MEDIUM, rule
from dblint.aws.emr import Cluster


@rule(severity=MEDIUM, category="availability", about="Instances")
def single_primary_node(cluster: Cluster) -> bool:
    """Production EMR cluster that runs all the time has one primary node."""
    return cluster.production and cluster.long_running and cluster.one_primary
