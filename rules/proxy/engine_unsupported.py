from dblint import HIGH, rule
from dblint.aws.rds import DBProxy


@rule(severity=HIGH, category="validity")
def engine_unsupported(proxy: DBProxy) -> bool:
    """RDS Proxy does not support the database behind it."""
    return proxy.unsupported
