locals {
  guarded = var.create && var.create_security_group
  named   = try(coalesce(var.security_group_name, var.cluster_identifier), "")
}

resource "aws_redshift_cluster" "this" {
  count                               = var.create ? 1 : 0
  cluster_identifier                  = var.cluster_identifier
  region                              = var.region
  automated_snapshot_retention_period = var.automated_snapshot_retention_period
  cluster_parameter_group_name        = var.create && var.create_parameter_group ? aws_redshift_parameter_group.this[0].id : var.parameter_group_name
  cluster_subnet_group_name           = var.create && var.create_subnet_group ? aws_redshift_subnet_group.this[0].name : var.subnet_group_name
  cluster_type                        = var.number_of_nodes > 1 ? "multi-node" : "single-node"
  elastic_ip                          = var.elastic_ip
  encrypted                           = var.encrypted
  manage_master_password              = var.manage_master_password ? true : null
  master_password_wo                  = var.snapshot_identifier == null && !var.manage_master_password ? var.master_password_wo : null
  multi_az                            = var.multi_az
  node_type                           = var.node_type
  number_of_nodes                     = var.number_of_nodes
  port                                = var.port
  publicly_accessible                 = var.publicly_accessible
  snapshot_arn                        = var.snapshot_arn
  snapshot_identifier                 = var.snapshot_identifier
  vpc_security_group_ids              = compact(concat(aws_security_group.this[*].id, var.vpc_security_group_ids))
  tags                                = var.tags
}

resource "aws_redshift_parameter_group" "this" {
  count  = var.create && var.create_parameter_group ? 1 : 0
  name   = coalesce(var.parameter_group_name, replace(var.cluster_identifier, ".", "-"))
  region = var.region
  family = var.parameter_group_family
  tags   = merge(var.tags, var.parameter_group_tags)

  dynamic "parameter" {
    for_each = var.parameter_group_parameters != null ? var.parameter_group_parameters : []
    content {
      name  = parameter.value.name
      value = parameter.value.value
    }
  }
}

resource "aws_redshift_subnet_group" "this" {
  count      = var.create && var.create_subnet_group ? 1 : 0
  name       = coalesce(var.subnet_group_name, var.cluster_identifier)
  region     = var.region
  subnet_ids = var.subnet_ids
  tags       = merge(var.tags, var.subnet_group_tags)
}

resource "aws_redshift_logging" "this" {
  count              = var.create && var.logging != null ? 1 : 0
  region             = var.region
  cluster_identifier = aws_redshift_cluster.this[0].id
}

resource "aws_secretsmanager_secret_rotation" "this" {
  count     = var.create && var.manage_master_password && var.manage_master_password_rotation ? 1 : 0
  region    = var.region
  secret_id = aws_redshift_cluster.this[0].master_password_secret_arn

  rotation_rules {
    automatically_after_days = var.master_password_rotation_automatically_after_days
    duration                 = var.master_password_rotation_duration
    schedule_expression      = var.master_password_rotation_schedule_expression
  }
}

resource "aws_security_group" "this" {
  count  = local.guarded ? 1 : 0
  region = var.region
  tags   = merge(var.tags, var.security_group_tags, { Name = local.named })
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each                     = { for key, rule in var.security_group_ingress_rules : key => rule if local.guarded }
  region                       = var.region
  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = each.value.ip_protocol
  from_port                    = try(coalesce(each.value.from_port, var.port), null)
  to_port                      = try(coalesce(each.value.to_port, each.value.from_port, var.port), null)
  cidr_ipv4                    = each.value.cidr_ipv4
  cidr_ipv6                    = each.value.cidr_ipv6
  prefix_list_id               = each.value.prefix_list_id
  referenced_security_group_id = each.value.referenced_security_group_id == "self" ? aws_security_group.this[0].id : each.value.referenced_security_group_id
  tags                         = merge(var.tags, { Name = coalesce(each.value.name, "${local.named}-${each.key}") }, each.value.tags)
}

output "cluster_arn" { value = try(aws_redshift_cluster.this[0].arn, null) }
output "cluster_id" { value = try(aws_redshift_cluster.this[0].id, null) }
output "cluster_identifier" { value = try(aws_redshift_cluster.this[0].cluster_identifier, null) }
output "security_group_id" { value = try(aws_security_group.this[0].id, null) }
