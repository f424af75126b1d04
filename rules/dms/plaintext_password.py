from dblint import CRITICAL, rule
from dblint.aws.dms import Endpoint

ABOUT = (
    "Password",
    "GcpMySQLSettings",
    "KafkaSettings",
    "MicrosoftSqlServerSettings",
    "MongoDbSettings",
    "OracleSettings",
    "RedisSettings",
)


@rule(severity=CRITICAL, category="encryption", about=ABOUT)
def plaintext_password(endpoint: Endpoint) -> bool:
    """Password of a database can be read by whoever can read the code or the stack."""
    return endpoint.readable_secret
