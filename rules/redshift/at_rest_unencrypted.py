from dblint import HIGH, Set, rule
from dblint.aws.redshift import Cluster


@rule(severity=HIGH, category="encryption", fix=Set(Encrypted=True))
def at_rest_unencrypted(cluster: Cluster) -> bool:
    """Data warehouse and its snapshots are told to stay unencrypted."""
    return not cluster.Encrypted
