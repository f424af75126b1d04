from dblint import MEDIUM, rule
from dblint.aws.rds import DBCluster


@rule(severity=MEDIUM, category="operations", about=("DBClusterParameterGroupName", "EnableCloudwatchLogsExports"))
def audit_log_not_configured(cluster: DBCluster) -> bool:
    """Nobody can tell later who did what in the production cluster."""
    return cluster.production and not cluster.serverless_v1 and not cluster.audited
