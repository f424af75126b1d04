from dblint import HIGH, rule
from dblint.aws.rds import DBCluster


@rule(severity=HIGH, category="encryption", about="DBClusterParameterGroupName")
def tls_not_enforced(cluster: DBCluster) -> bool:
    """Cluster accepts connections in clear text."""
    return not cluster.serverless_v1 and cluster.accepts_clear_text
