"""Types of resources that stand for others."""

from __future__ import annotations

SOURCE = "cloudformation"

# The type of a nested stack, and the property that says where its template is.
STACKS = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}

SIMPLE_TABLE, FUNCTION = "AWS::Serverless::SimpleTable", "AWS::Serverless::Function"
# Types of the Serverless Application Model, and what they become.
SERVERLESS_TYPES = {SIMPLE_TABLE: "AWS::DynamoDB::Table", FUNCTION: "AWS::Lambda::Function"}
