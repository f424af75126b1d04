from dblint import MEDIUM, rule
from dblint.aws.secrets import RotationSchedule, SecretTargetAttachment


@rule(severity=MEDIUM, category="validity", about=("SecretId", "TargetType"))
def not_attached_to_database(it: RotationSchedule | SecretTargetAttachment) -> bool:
    """Secret does not say which database it opens, so that its rotation fails."""
    return not it.attached
