from dblint import HIGH, rule
from dblint.aws.rds import DBCluster


@rule(severity=HIGH, category="lifecycle", about="EngineMode")
def multi_master(cluster: DBCluster) -> bool:
    """Aurora clusters with several writers can not be created any more."""
    return cluster.EngineMode == "multimaster"
