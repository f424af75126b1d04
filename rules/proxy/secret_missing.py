from dblint import HIGH, rule
from dblint.aws.rds import DBProxy


@rule(severity=HIGH, category="validity", about="Auth")
def secret_missing(proxy: DBProxy) -> bool:
    """Proxy has no secret to log in to the database with."""
    return proxy.lacks_secret
