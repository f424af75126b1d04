from dblint import CRITICAL, rule
from dblint.aws.elasticache import ReplicationGroup, User


@rule(severity=CRITICAL, category="encryption", about=("AuthToken", "Passwords", "AuthenticationMode"))
def plaintext_auth_token(holder: ReplicationGroup | User) -> bool:
    """Password of the cache can be read by whoever can read the code or the stack."""
    return holder.readable_secret
