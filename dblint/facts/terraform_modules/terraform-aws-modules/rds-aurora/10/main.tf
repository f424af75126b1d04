# One cluster with its instances, groups, rules and scaling.
locals {
  create     = var.create && var.putin_khuylo
  serverless = var.engine_mode == "serverless"
  port       = coalesce(var.port, contains(["aurora-postgresql", "postgres"], var.engine) ? 5432 : 3306)
  guarded    = local.create && var.create_security_group
  named      = try(coalesce(var.security_group_name, var.name), "")
  subnets    = try(coalesce(var.db_subnet_group_name, var.name), "")
  group      = var.create_db_subnet_group ? try(aws_db_subnet_group.this[0].name, null) : local.subnets
  managed    = var.manage_master_user_password && var.global_cluster_identifier == null
  parameters = {
    cluster  = local.create && var.cluster_parameter_group != null
    instance = local.create && var.db_parameter_group != null
  }
}

resource "aws_db_subnet_group" "this" {
  count      = local.create && var.create_db_subnet_group ? 1 : 0
  name       = local.subnets
  region     = var.region
  subnet_ids = var.subnets
  tags       = var.tags
}

resource "aws_rds_cluster" "this" {
  count                           = local.create ? 1 : 0
  cluster_identifier              = var.cluster_use_name_prefix ? null : var.name
  region                          = var.region
  allocated_storage               = var.allocated_storage
  apply_immediately               = var.apply_immediately
  backup_retention_period         = var.backup_retention_period
  backtrack_window                = contains(["aurora-mysql", "aurora"], var.engine) && !local.serverless ? var.backtrack_window : 0
  db_cluster_instance_class       = var.allocated_storage != null ? var.cluster_instance_class : null
  db_cluster_parameter_group_name = local.parameters.cluster ? aws_rds_cluster_parameter_group.this[0].id : var.cluster_parameter_group_name
  db_subnet_group_name            = local.group
  deletion_protection             = var.deletion_protection
  enable_global_write_forwarding  = var.enable_global_write_forwarding
  enable_http_endpoint            = var.enable_http_endpoint
  enabled_cloudwatch_logs_exports = var.enabled_cloudwatch_logs_exports
  engine                          = var.engine
  engine_mode                     = var.cluster_scalability_type == "limitless" ? "" : var.engine_mode
  engine_version                  = var.engine_version
  global_cluster_identifier       = var.global_cluster_identifier
  iops                            = var.iops
  kms_key_id                      = var.kms_key_id
  manage_master_user_password     = local.managed ? var.manage_master_user_password : null
  master_password_wo              = var.is_primary_cluster && !local.managed ? var.master_password_wo : null
  port                            = local.port
  replication_source_identifier   = var.replication_source_identifier
  skip_final_snapshot             = var.skip_final_snapshot
  snapshot_identifier             = var.snapshot_identifier
  storage_encrypted               = var.storage_encrypted
  storage_type                    = var.storage_type
  vpc_security_group_ids          = compact(concat(aws_security_group.this[*].id, var.vpc_security_group_ids))
  tags                            = merge(var.tags, var.cluster_tags)

  dynamic "restore_to_point_in_time" {
    for_each = var.restore_to_point_in_time[*]
    content {
      restore_to_time            = restore_to_point_in_time.value.restore_to_time
      source_cluster_identifier  = restore_to_point_in_time.value.source_cluster_identifier
      use_latest_restorable_time = restore_to_point_in_time.value.use_latest_restorable_time
    }
  }
  dynamic "scaling_configuration" {
    for_each = var.scaling_configuration != null && local.serverless ? [var.scaling_configuration] : []
    content {
      auto_pause               = scaling_configuration.value.auto_pause
      max_capacity             = scaling_configuration.value.max_capacity
      min_capacity             = scaling_configuration.value.min_capacity
      seconds_before_timeout   = scaling_configuration.value.seconds_before_timeout
      seconds_until_auto_pause = scaling_configuration.value.seconds_until_auto_pause
      timeout_action           = scaling_configuration.value.timeout_action
    }
  }
  dynamic "serverlessv2_scaling_configuration" {
    for_each = var.serverlessv2_scaling_configuration != null && var.engine_mode == "provisioned" ? [var.serverlessv2_scaling_configuration] : []
    content {
      max_capacity             = serverlessv2_scaling_configuration.value.max_capacity
      min_capacity             = serverlessv2_scaling_configuration.value.min_capacity
      seconds_until_auto_pause = serverlessv2_scaling_configuration.value.seconds_until_auto_pause
    }
  }
}

resource "aws_rds_cluster_instance" "this" {
  for_each                   = { for key, instance in var.instances : key => instance if local.create && !local.serverless }
  identifier                 = var.instances_use_identifier_prefix ? null : try(coalesce(each.value.identifier, "${var.name}-${each.key}"))
  region                     = var.region
  cluster_identifier         = aws_rds_cluster.this[0].id
  apply_immediately          = try(coalesce(each.value.apply_immediately, var.apply_immediately), null)
  auto_minor_version_upgrade = each.value.auto_minor_version_upgrade
  availability_zone          = each.value.availability_zone
  db_parameter_group_name    = local.parameters.instance ? aws_db_parameter_group.this[0].id : each.value.db_parameter_group_name
  db_subnet_group_name       = local.group
  engine                     = var.engine
  engine_version             = var.engine_version
  instance_class             = try(coalesce(each.value.instance_class, var.cluster_instance_class), null)
  promotion_tier             = each.value.promotion_tier
  publicly_accessible        = each.value.publicly_accessible
  tags                       = merge(var.tags, each.value.tags)
}

resource "aws_appautoscaling_target" "this" {
  count              = local.create && var.autoscaling_enabled && !local.serverless ? 1 : 0
  region             = var.region
  min_capacity       = var.autoscaling_min_capacity
  max_capacity       = var.autoscaling_max_capacity
  resource_id        = "cluster:${aws_rds_cluster.this[0].cluster_identifier}"
  scalable_dimension = "rds:cluster:ReadReplicaCount"
  tags               = var.tags
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
  from_port                    = try(coalesce(each.value.from_port, local.port), null)
  to_port                      = try(coalesce(each.value.to_port, each.value.from_port, local.port), null)
  cidr_ipv4                    = each.value.cidr_ipv4
  cidr_ipv6                    = each.value.cidr_ipv6
  prefix_list_id               = each.value.prefix_list_id
  referenced_security_group_id = each.value.referenced_security_group_id == "self" ? aws_security_group.this[0].id : each.value.referenced_security_group_id
  tags                         = merge(var.tags, { Name = coalesce(each.value.name, "${local.named}-${each.key}") }, each.value.tags)
}

resource "aws_rds_cluster_parameter_group" "this" {
  count  = local.parameters.cluster ? 1 : 0
  name   = var.cluster_parameter_group.use_name_prefix ? null : try(coalesce(var.cluster_parameter_group.name, var.name), "")
  region = var.region
  family = var.cluster_parameter_group.family
  tags   = var.tags

  dynamic "parameter" {
    for_each = var.cluster_parameter_group.parameters != null ? var.cluster_parameter_group.parameters : []
    content {
      name         = try(coalesce(parameter.value.name, parameter.key))
      value        = parameter.value.value
      apply_method = parameter.value.apply_method
    }
  }
}

resource "aws_db_parameter_group" "this" {
  count  = local.parameters.instance ? 1 : 0
  name   = var.db_parameter_group.use_name_prefix ? null : try(coalesce(var.db_parameter_group.name, var.name), "")
  region = var.region
  family = var.db_parameter_group.family
  tags   = var.tags

  dynamic "parameter" {
    for_each = var.db_parameter_group.parameters != null ? var.db_parameter_group.parameters : []
    content {
      name         = try(coalesce(parameter.value.name, parameter.key))
      value        = parameter.value.value
      apply_method = parameter.value.apply_method
    }
  }
}

resource "aws_rds_cluster_activity_stream" "this" {
  count        = local.create && var.cluster_activity_stream != null ? 1 : 0
  region       = var.region
  resource_arn = aws_rds_cluster.this[0].arn
}

resource "aws_secretsmanager_secret_rotation" "this" {
  count     = local.create && var.manage_master_user_password && var.manage_master_user_password_rotation ? 1 : 0
  region    = var.region
  secret_id = aws_rds_cluster.this[0].master_user_secret[0].secret_arn

  rotation_rules {
    automatically_after_days = var.master_user_password_rotation_automatically_after_days
    duration                 = var.master_user_password_rotation_duration
    schedule_expression      = var.master_user_password_rotation_schedule_expression
  }
}

output "cluster_arn" { value = try(aws_rds_cluster.this[0].arn, null) }
output "cluster_id" { value = try(aws_rds_cluster.this[0].id, null) }
output "cluster_endpoint" { value = try(aws_rds_cluster.this[0].endpoint, null) }
output "cluster_port" { value = try(aws_rds_cluster.this[0].port, null) }
output "cluster_database_name" { value = var.database_name }
output "cluster_instances" { value = aws_rds_cluster_instance.this }
output "db_subnet_group_name" { value = local.group }
output "security_group_id" { value = try(aws_security_group.this[0].id, null) }
