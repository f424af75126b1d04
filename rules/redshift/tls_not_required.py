from dblint import HIGH, rule
from dblint.aws.redshift import Cluster, Workgroup


@rule(severity=HIGH, category="encryption", about=("ClusterParameterGroupName", "ConfigParameters"))
def tls_not_required(warehouse: Cluster | Workgroup) -> bool:
    """Data warehouse lets clients connect in clear text."""
    return not warehouse.requires_tls
