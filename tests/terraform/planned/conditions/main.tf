variable "workers" {
  type    = number
  default = 0
}

variable "kind" {
  type    = string
  default = "valkey"
  validation {
    condition     = contains(["redis", "valkey", "memcached"], var.kind)
    error_message = "unknown"
  }
}

locals {
  cluster = var.kind == "memcached"
}

resource "aws_elasticache_cluster" "this" {
  count           = local.cluster ? 1 : 0
  cluster_id      = "x"
  engine          = var.kind
  num_cache_nodes = 1
}

resource "aws_elasticache_replication_group" "this" {
  count                      = local.cluster ? 0 : 1
  replication_group_id       = "x"
  description                = "x"
  engine                     = var.kind
  num_cache_clusters         = max(1, var.workers)
  transit_encryption_enabled = var.workers > 0 ? true : false
  multi_az_enabled           = var.workers > 1 ? true : null
  port                       = try(tonumber("6380"), 6379)
}

moved {
  from = aws_elasticache_replication_group.old
  to   = aws_elasticache_replication_group.this[0]
}
