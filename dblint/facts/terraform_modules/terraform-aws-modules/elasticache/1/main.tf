# A cluster, a replication group, or one that belongs to a global group, each behind a switch.
locals {
  member         = var.replication_group_id != null
  global         = var.create_primary_global_replication_group || var.create_secondary_global_replication_group
  secondary      = var.create_secondary_global_replication_group
  port           = coalesce(var.port, var.engine == "memcached" ? 11211 : 6379)
  guarded        = var.create && var.create_security_group
  groups         = local.guarded ? concat(var.security_group_ids, [aws_security_group.this[0].id]) : var.security_group_ids
  failover       = var.multi_az_enabled || var.cluster_mode_enabled ? true : var.automatic_failover_enabled
  shards         = var.cluster_mode_enabled ? var.num_node_groups : null
  members        = var.cluster_mode_enabled ? null : var.num_cache_clusters
  tags           = merge(var.tags, { terraform-aws-modules = "elasticache" })
  parameters     = concat([for on in [var.cluster_mode_enabled] : { name = "cluster-enabled", value = "yes" } if on], var.parameters)
  own_parameters = var.create && var.create_parameter_group
  parameter_name = local.own_parameters ? aws_elasticache_parameter_group.this[0].id : var.parameter_group_name
}

resource "random_id" "suffix" {}

resource "aws_elasticache_cluster" "this" {
  count                        = var.create && var.create_cluster ? 1 : 0
  cluster_id                   = var.cluster_id
  az_mode                      = local.member ? null : var.az_mode
  engine                       = local.member ? null : var.engine
  engine_version               = local.member ? null : var.engine_version
  node_type                    = local.member ? null : var.node_type
  num_cache_nodes              = local.member ? null : var.num_cache_nodes
  port                         = local.member ? null : local.port
  preferred_availability_zones = var.preferred_availability_zones
  replication_group_id         = var.create && var.create_replication_group ? aws_elasticache_replication_group.this[0].id : var.replication_group_id
  security_group_ids           = local.member ? null : local.groups
  snapshot_arns                = local.member ? null : var.snapshot_arns
  snapshot_name                = local.member ? null : var.snapshot_name
  snapshot_retention_limit     = local.member ? null : var.snapshot_retention_limit
  snapshot_window              = local.member ? null : var.snapshot_window
  tags                         = local.tags
}

resource "aws_elasticache_replication_group" "this" {
  count                       = var.create && var.create_replication_group && !local.global ? 1 : 0
  replication_group_id        = var.replication_group_id
  at_rest_encryption_enabled  = var.at_rest_encryption_enabled
  auth_token                  = var.auth_token
  automatic_failover_enabled  = local.failover
  cluster_mode                = var.cluster_mode
  engine                      = var.engine
  engine_version              = var.engine_version
  global_replication_group_id = var.global_replication_group_id
  multi_az_enabled            = var.multi_az_enabled
  node_type                   = var.node_type
  num_cache_clusters          = local.members
  num_node_groups             = local.shards
  parameter_group_name        = local.parameter_name
  port                        = local.port
  preferred_cache_cluster_azs = var.preferred_cache_cluster_azs
  replicas_per_node_group     = var.replicas_per_node_group
  security_group_ids          = local.groups
  snapshot_retention_limit    = var.snapshot_retention_limit
  transit_encryption_enabled  = var.transit_encryption_enabled
  user_group_ids              = var.user_group_ids
  tags                        = local.tags
}

resource "aws_elasticache_replication_group" "global" {
  count                       = var.create && var.create_replication_group && local.global ? 1 : 0
  replication_group_id        = var.replication_group_id
  at_rest_encryption_enabled  = local.secondary ? null : var.at_rest_encryption_enabled
  auth_token                  = var.auth_token
  automatic_failover_enabled  = local.failover
  cluster_mode                = var.cluster_mode
  engine                      = local.secondary ? null : var.engine
  engine_version              = local.secondary ? null : var.engine_version
  global_replication_group_id = local.secondary ? var.global_replication_group_id : null
  multi_az_enabled            = var.multi_az_enabled
  node_type                   = var.node_type
  num_cache_clusters          = local.members
  num_node_groups             = local.secondary ? null : local.shards
  parameter_group_name        = local.secondary ? null : local.parameter_name
  port                        = local.port
  preferred_cache_cluster_azs = var.preferred_cache_cluster_azs
  replicas_per_node_group     = var.replicas_per_node_group
  security_group_ids          = local.groups
  snapshot_retention_limit    = var.snapshot_retention_limit
  transit_encryption_enabled  = local.secondary ? null : var.transit_encryption_enabled
  user_group_ids              = var.user_group_ids
  tags                        = local.tags
}

resource "aws_elasticache_parameter_group" "this" {
  count  = local.own_parameters ? 1 : 0
  name   = coalesce(var.parameter_group_name, random_id.suffix.hex)
  family = var.parameter_group_family
  tags   = local.tags

  dynamic "parameter" {
    for_each = local.parameters
    content {
      name  = parameter.value.name
      value = parameter.value.value
    }
  }
}

resource "aws_elasticache_subnet_group" "this" {
  count      = var.create && var.create_subnet_group ? 1 : 0
  name       = try(coalesce(var.subnet_group_name, var.cluster_id, var.replication_group_id), "")
  subnet_ids = var.subnet_ids
  tags       = local.tags
}

resource "aws_security_group" "this" {
  count = local.guarded ? 1 : 0
  tags  = merge(local.tags, var.security_group_tags)
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each                     = { for k, v in var.security_group_rules : k => v if local.guarded && try(v.type, "ingress") == "ingress" }
  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = try(each.value.ip_protocol, "tcp")
  from_port                    = try(each.value.from_port, var.engine == "memcached" ? 11211 : 6379)
  to_port                      = try(each.value.to_port, var.engine == "memcached" ? 11211 : 6379)
  cidr_ipv4                    = lookup(each.value, "cidr_ipv4", null)
  cidr_ipv6                    = lookup(each.value, "cidr_ipv6", null)
  prefix_list_id               = lookup(each.value, "prefix_list_id", null)
  referenced_security_group_id = lookup(each.value, "referenced_security_group_id", null) == "self" ? aws_security_group.this[0].id : lookup(each.value, "referenced_security_group_id", null)
  tags                         = merge(local.tags, var.security_group_tags, try(each.value.tags, {}))
}

output "cluster_arn" { value = try(aws_elasticache_cluster.this[0].arn, null) }
output "replication_group_arn" { value = try(aws_elasticache_replication_group.this[0].arn, aws_elasticache_replication_group.global[0].arn, null) }
output "replication_group_id" { value = try(aws_elasticache_replication_group.this[0].id, aws_elasticache_replication_group.global[0].id, null) }
output "security_group_id" { value = try(aws_security_group.this[0].id, null) }
output "subnet_group_name" { value = try(aws_elasticache_subnet_group.this[0].name, null) }
