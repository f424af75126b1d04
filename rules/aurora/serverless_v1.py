from dblint import HIGH, rule
from dblint.aws.rds import DBCluster


@rule(severity=HIGH, category="lifecycle", about="EngineMode")
def serverless_v1(cluster: DBCluster) -> bool:
    """Aurora Serverless v1 has come to its end: AWS creates no more of these clusters."""
    return cluster.serverless_v1
