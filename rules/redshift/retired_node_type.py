from dblint import HIGH, rule
from dblint.aws.redshift import Cluster


@rule(severity=HIGH, category="lifecycle", about="NodeType")
def retired_node_type(cluster: Cluster) -> bool:
    """Cluster is made of nodes that Redshift no longer offers."""
    return cluster.retired
