# Clusters of Aurora DSQL: no resource of them is judged.
resource "aws_dsql_cluster" "this" {
  count  = var.create ? 1 : 0
  region = var.region
  tags   = var.tags
}

output "arn" { value = try(aws_dsql_cluster.this[0].arn, null) }
