from dblint import CRITICAL, Set, rule
from dblint.aws.redshift import Cluster, Workgroup


@rule(severity=CRITICAL, category="exposure", fix=Set(PubliclyAccessible=False))
def publicly_accessible(warehouse: Cluster | Workgroup) -> bool:
    """Data warehouse has a public address."""
    return warehouse.PubliclyAccessible
