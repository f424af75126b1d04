from dblint import HIGH, Set, rule
from dblint.aws.elasticache import ReplicationGroup


@rule(severity=HIGH, category="encryption", fix=Set(TransitEncryptionEnabled=True))
def transit_unencrypted(group: ReplicationGroup) -> bool:
    """Cache talks to its clients and its replicas in clear text."""
    return not group.secondary and not group.TransitEncryptionEnabled
