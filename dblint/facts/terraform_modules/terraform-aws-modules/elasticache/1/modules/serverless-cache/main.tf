resource "aws_elasticache_serverless_cache" "this" {
  count                    = var.create ? 1 : 0
  name                     = var.cache_name
  engine                   = var.engine
  security_group_ids       = var.security_group_ids
  snapshot_retention_limit = var.snapshot_retention_limit
  user_group_id            = var.user_group_id
  tags                     = var.tags
}

output "serverless_cache_arn" { value = try(aws_elasticache_serverless_cache.this[0].arn, null) }
