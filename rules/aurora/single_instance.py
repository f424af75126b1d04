from dblint import HIGH, rule
from dblint.aws.rds import DBCluster


@rule(severity=HIGH, category="availability")
def single_instance(cluster: DBCluster) -> bool:
    """Production Aurora cluster has one instance, and nothing to fail over to."""
    return cluster.production and cluster.aurora and not cluster.serverless_v1 and cluster.has_one_instance
