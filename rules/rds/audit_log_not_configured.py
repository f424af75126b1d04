from dblint import MEDIUM, rule
from dblint.aws.rds import DBInstance


@rule(
    severity=MEDIUM,
    category="operations",
    about=("OptionGroupName", "DBParameterGroupName", "EnableCloudwatchLogsExports"),
)
def audit_log_not_configured(db: DBInstance) -> bool:
    """Nobody can tell later who did what in the production database."""
    return db.production and db.stands_alone and not db.audited
