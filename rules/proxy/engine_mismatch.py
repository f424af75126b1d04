from dblint import HIGH, rule
from dblint.aws.rds import DBProxy


@rule(severity=HIGH, category="validity", about="EngineFamily")
def engine_mismatch(proxy: DBProxy) -> bool:
    """Proxy speaks another protocol than the database behind it."""
    return proxy.mismatched
