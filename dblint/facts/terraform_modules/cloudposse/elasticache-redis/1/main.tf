# A replication group or a serverless cache; what a member of a global group inherits is not set.
locals {
  serverless = module.this.enabled && var.serverless_enabled
  normal     = module.this.enabled && !var.serverless_enabled
  own        = var.global_replication_group_id == null
  identifier = var.replication_group_id == "" ? module.this.id : var.replication_group_id
  guarded    = module.this.enabled && (var.use_existing_security_groups == null ? var.create_security_group : !var.use_existing_security_groups)
  others     = concat(var.existing_security_groups, var.associated_security_group_ids)
  groups     = local.guarded ? concat(local.others, [module.aws_security_group.id]) : local.others
  parameters = local.own ? coalesce(var.parameter_group_name, var.create_parameter_group ? "${module.this.id}-${replace(var.family, ".", "-")}" : "default.${var.family}") : null
}

module "this" {
  source              = "cloudposse/label/null"
  version             = "0.25.0"
  enabled             = var.enabled
  namespace           = var.namespace
  tenant              = var.tenant
  environment         = var.environment
  stage               = var.stage
  name                = var.name
  delimiter           = var.delimiter
  attributes          = var.attributes
  tags                = var.tags
  label_order         = var.label_order
  regex_replace_chars = var.regex_replace_chars
  id_length_limit     = var.id_length_limit
  label_key_case      = var.label_key_case
  label_value_case    = var.label_value_case
  context             = var.context
}

module "aws_security_group" {
  source              = "cloudposse/security-group/aws"
  version             = "2.2.0"
  enabled             = local.guarded
  security_group_name = var.security_group_name
  vpc_id              = var.vpc_id
  rule_matrix         = concat(var.allowed_security_groups, var.allowed_security_group_ids, var.allowed_cidr_blocks)
}

resource "aws_elasticache_subnet_group" "default" {
  count      = module.this.enabled && var.elasticache_subnet_group_name == "" && length(var.subnets) > 0 ? 1 : 0
  name       = module.this.id
  subnet_ids = var.subnets
  tags       = module.this.tags
}

resource "aws_elasticache_parameter_group" "default" {
  count  = module.this.enabled && local.own && var.create_parameter_group ? 1 : 0
  name   = local.parameters
  family = var.family
  tags   = module.this.tags

  dynamic "parameter" {
    for_each = concat([for on in [var.cluster_mode_enabled] : { name = "cluster-enabled", value = "yes" } if on], var.parameter)
    content {
      name  = parameter.value.name
      value = tostring(parameter.value.value)
    }
  }
}

resource "aws_elasticache_replication_group" "default" {
  count                       = local.normal ? 1 : 0
  replication_group_id        = local.identifier
  at_rest_encryption_enabled  = local.own ? var.at_rest_encryption_enabled : null
  auth_token                  = var.transit_encryption_enabled ? var.auth_token : null
  automatic_failover_enabled  = var.cluster_mode_enabled ? true : var.automatic_failover_enabled
  engine                      = local.own ? var.engine : null
  engine_version              = local.own ? var.engine_version : null
  global_replication_group_id = var.global_replication_group_id
  multi_az_enabled            = var.multi_az_enabled
  node_type                   = local.own ? var.instance_type : null
  num_cache_clusters          = var.cluster_mode_enabled ? null : var.cluster_size
  num_node_groups             = local.own && var.cluster_mode_enabled ? var.cluster_mode_num_node_groups : null
  parameter_group_name        = local.parameters
  port                        = var.port
  preferred_cache_cluster_azs = length(var.availability_zones) == 0 ? null : [for n in range(0, var.cluster_size) : element(var.availability_zones, n)]
  replicas_per_node_group     = var.cluster_mode_enabled ? var.cluster_mode_replicas_per_node_group : null
  security_group_ids          = local.groups
  snapshot_retention_limit    = var.snapshot_retention_limit
  transit_encryption_enabled  = local.own ? var.transit_encryption_enabled : null
  user_group_ids              = var.user_group_ids
  tags                        = module.this.tags
}

resource "aws_elasticache_serverless_cache" "default" {
  count                    = local.serverless ? 1 : 0
  name                     = local.identifier
  engine                   = var.engine
  security_group_ids       = local.groups
  snapshot_retention_limit = var.snapshot_retention_limit
  user_group_id            = var.serverless_user_group_id
  tags                     = module.this.tags
}

output "id" { value = join("", aws_elasticache_replication_group.default[*].id) }
output "arn" { value = local.normal ? join("", aws_elasticache_replication_group.default[*].arn) : join("", aws_elasticache_serverless_cache.default[*].arn) }
output "port" { value = var.port }
output "security_group_id" { value = module.aws_security_group.id }
