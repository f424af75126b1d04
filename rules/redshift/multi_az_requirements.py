from dblint import HIGH, rule
from dblint.aws.redshift import Cluster


@rule(severity=HIGH, category="validity", about="MultiAZ")
def multi_az_requirements(cluster: Cluster) -> bool:
    """Multi-AZ cluster lacks what AWS wants of one: nodes, port, subnets, or no Elastic IP."""
    return cluster.MultiAZ and not cluster.fits_multi_az
