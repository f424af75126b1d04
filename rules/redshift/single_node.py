from dblint import HIGH, rule
from dblint.aws.redshift import Cluster


@rule(severity=HIGH, category="availability", about=("NumberOfNodes", "ClusterType"))
def single_node(cluster: Cluster) -> bool:
    """Production data warehouse runs on a single node."""
    if not cluster.production or cluster.MultiAZ:
        return False
    return not cluster.contradicts_itself and cluster.single_node
