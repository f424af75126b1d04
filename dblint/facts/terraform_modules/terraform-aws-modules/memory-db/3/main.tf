# Clusters of MemoryDB and what belongs to them: no resource of them is judged.
output "cluster_arn" { value = try(aws_memorydb_cluster.this[0].arn, null) }

resource "aws_memorydb_cluster" "this" {
  count              = var.create ? 1 : 0
  name               = var.use_name_prefix ? null : var.name
  region             = var.region
  security_group_ids = var.security_group_ids
  tags               = var.tags
}
