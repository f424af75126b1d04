from dblint import MEDIUM, rule
from dblint.aws.redshift import Cluster, Namespace


@rule(severity=MEDIUM, category="operations", about=("LoggingProperties", "LogExports"))
def audit_logging_off(warehouse: Cluster | Namespace) -> bool:
    """Production data warehouse keeps no log of who connected and what they did."""
    return warehouse.production and not warehouse.audited
