from dblint import HIGH, Set, rule
from dblint.aws.elasticache import ReplicationGroup


@rule(severity=HIGH, category="encryption", fix=Set(AtRestEncryptionEnabled=True))
def at_rest_unencrypted(group: ReplicationGroup) -> bool:
    """Cache writes its data to disk and to backups without encryption."""
    return not group.secondary and not group.encrypted
