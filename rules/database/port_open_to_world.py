from dblint import CRITICAL, rule
from dblint.aws.common import SecurityGroup, admits_port, admits_world


@rule(severity=CRITICAL, category="exposure", about="SecurityGroupIngress")
def port_open_to_world(group: SecurityGroup) -> bool:
    """Security group of a database lets the whole internet in to the database's port."""
    open_to_world = (permission for permission in group.permissions if admits_world(permission))
    return any(admits_port(permission, db) for permission in open_to_world for db in group.databases)
