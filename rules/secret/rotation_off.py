from dblint import MEDIUM, rule
from dblint.aws.secrets import Secret


@rule(severity=MEDIUM, category="recovery")
def rotation_off(secret: Secret, *, max_days: int = 90) -> bool:
    """Password of a production database is never changed, or seldom."""
    return secret.production and secret.of_database and not secret.rotated_within(max_days)
