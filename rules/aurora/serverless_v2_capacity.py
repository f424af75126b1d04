from dblint import HIGH, rule
from dblint.aws.rds import DBCluster


@rule(severity=HIGH, category="validity", about="ServerlessV2ScalingConfiguration")
def serverless_v2_capacity(cluster: DBCluster) -> bool:
    """Serverless instances of the cluster have no capacity range that AWS takes."""
    if cluster.has("ServerlessV2ScalingConfiguration"):
        return not cluster.ServerlessV2ScalingConfiguration.valid
    return cluster.aurora and cluster.serverless_members
