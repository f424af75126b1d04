from dblint import HIGH, Set, rule
from dblint.aws.dax import Cluster


@rule(severity=HIGH, category="encryption", fix=Set(ClusterEndpointEncryptionType="TLS"))
def transit_unencrypted(cluster: Cluster) -> bool:
    """DAX talks to its clients in clear text."""
    return not cluster.encrypted_in_transit
