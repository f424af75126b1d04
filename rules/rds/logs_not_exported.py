from dblint import MEDIUM, rule
from dblint.aws.rds import DBInstance


@rule(severity=MEDIUM, category="operations", about="EnableCloudwatchLogsExports")
def logs_not_exported(db: DBInstance) -> bool:
    """Logs of the production database are lost with it."""
    return db.production and db.stands_alone and not db.custom and not db.EnableCloudwatchLogsExports
