from dblint import HIGH, rule
from dblint.aws.compute import Function, TaskDefinition


@rule(severity=HIGH, category="encryption", about=("Environment", "ContainerDefinitions", "ContainerDocument"))
def in_lambda_environment(code: Function | TaskDefinition) -> bool:
    """Password of a database stands in an environment variable, in clear text."""
    return code.holds_password
