from dblint import MEDIUM, rule
from dblint.aws.rds import DBCluster


@rule(severity=MEDIUM, category="operations", about="EnableCloudwatchLogsExports")
def logs_not_exported(cluster: DBCluster) -> bool:
    """Logs of the production cluster are lost with its instances."""
    return cluster.production and not cluster.serverless_v1 and not cluster.EnableCloudwatchLogsExports
