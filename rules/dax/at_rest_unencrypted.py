from dblint import HIGH, Set, rule
from dblint.aws.dax import Cluster


@rule(severity=HIGH, category="encryption", fix=Set(SSESpecification={"SSEEnabled": True}))
def at_rest_unencrypted(cluster: Cluster) -> bool:
    """DAX keeps copies of the items on its disks without encryption."""
    return not cluster.SSESpecification.SSEEnabled
