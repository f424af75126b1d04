from dblint import MEDIUM, rule
from dblint.aws.emr import Cluster


@rule(severity=MEDIUM, category="operations", about="LogUri")
def no_log_bucket(cluster: Cluster) -> bool:
    """EMR cluster keeps no logs, and can not be given a place for them later."""
    return cluster.LogUri is None
