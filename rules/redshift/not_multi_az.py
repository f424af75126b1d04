from dblint import MEDIUM, Set, rule
from dblint.aws.redshift import Cluster


@rule(severity=MEDIUM, category="availability", fix=Set(MultiAZ=True))
def not_multi_az(cluster: Cluster) -> bool:
    """Production data warehouse stands in one Availability Zone."""
    return cluster.production and not cluster.MultiAZ and cluster.can_be_multi_az
