from dblint import HIGH, rule
from dblint.aws.rds import DBCluster


@rule(severity=HIGH, category="validity", about="Engine")
def multi_az_cluster_requirements(cluster: DBCluster) -> bool:
    """Multi-AZ DB cluster lacks what AWS asks of one, or has what only Aurora knows."""
    return cluster.multi_az and not cluster.restored and cluster.lacks_for_multi_az
