from dblint import MEDIUM, rule
from dblint.aws.rds import DBCluster


@rule(severity=MEDIUM, category="availability")
def failover_target_smaller(cluster: DBCluster) -> bool:
    """Reader that Aurora promotes first has less than the production cluster's writer."""
    return cluster.production and cluster.aurora and cluster.fails_over_to_less
