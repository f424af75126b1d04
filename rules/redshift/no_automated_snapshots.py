from dblint import MEDIUM, Set, rule
from dblint.aws.redshift import Cluster


@rule(severity=MEDIUM, category="recovery", fix=Set(AutomatedSnapshotRetentionPeriod=7))
def no_automated_snapshots(cluster: Cluster, *, min_days: int = 7) -> bool:
    """Production data warehouse keeps its automated snapshots for too few days, or takes none."""
    return cluster.production and cluster.AutomatedSnapshotRetentionPeriod < min_days
