from dblint import HIGH, rule
from dblint.aws.elasticache import ReplicationGroup, ServerlessCache


@rule(severity=HIGH, category="exposure", about=("AuthToken", "UserGroupIds", "UserGroupId"))
def no_authentication(cache: ReplicationGroup | ServerlessCache) -> bool:
    """Cache answers whoever reaches its port, without a password."""
    return not cache.secondary and not cache.authenticates
