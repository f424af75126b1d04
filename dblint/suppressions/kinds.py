"""What is reported about suppressions, by name (the settings may make each of them end the run in exit 1), and the
other tools whose words are obeyed."""

from __future__ import annotations

EXPIRED = "expired-suppression"
IMMUNE = "immune-rule-in-suppression"
MALFORMED = "malformed-suppression"
TOO_LONG = "suppression-too-long"
UNKNOWN = "unknown-rule-in-suppression"
UNUSED = "unused-suppression"
WITHOUT_REASON = "suppression-without-reason"

KINDS = (EXPIRED, IMMUNE, MALFORMED, TOO_LONG, UNKNOWN, UNUSED, WITHOUT_REASON)

TOOLS = ("cdk-nag", "cfn-lint", "cfn_nag", "checkov", "guard", "kics", "tflint", "trivy")
