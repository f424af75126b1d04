"""cfn-lint's own checks of databases, on request: run in a process of its own, and merged into the findings."""
