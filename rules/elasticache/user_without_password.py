from dblint import HIGH, rule
from dblint.aws.elasticache import User, UserGroup


@rule(severity=HIGH, category="exposure", about=("NoPasswordRequired", "AuthenticationMode", "UserIds"))
def user_without_password(who: User | UserGroup) -> bool:
    """Anybody who reaches the cache may log in without a password."""
    return who.lets_anybody_in
