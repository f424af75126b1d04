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
    cluster  = try(coalesce(var.db_cluster_parameter_group_name, var.name), null)
    instance = try(coalesce(var.db_parameter_group_name, var.name), null)
  }
}

resource "aws_db_subnet_group" "this" {
  count      = local.create && var.create_db_subnet_group ? 1 : 0
  name       = local.subnets
  subnet_ids = var.subnets
  tags       = var.tags
}

resource "aws_rds_cluster" "this" {
  count                           = local.create ? 1 : 0
  cluster_identifier              = var.cluster_use_name_prefix ? null : var.name
  allocated_storage               = var.allocated_storage
  apply_immediately               = var.apply_immediately
  backup_retention_period         = var.backup_retention_period
  backtrack_window                = contains(["aurora-mysql", "aurora"], var.engine) && !local.serverless ? var.backtrack_window : 0
  db_cluster_instance_class       = var.db_cluster_instance_class
  db_cluster_parameter_group_name = var.create_db_cluster_parameter_group ? aws_rds_cluster_parameter_group.this[0].id : var.db_cluster_parameter_group_name
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
  master_password                 = var.is_primary_cluster && !var.manage_master_user_password ? var.master_password : null
  port                            = local.port
  replication_source_identifier   = var.replication_source_identifier
  skip_final_snapshot             = var.skip_final_snapshot
  snapshot_identifier             = var.snapshot_identifier
  storage_encrypted               = var.storage_encrypted
  storage_type                    = var.storage_type
  vpc_security_group_ids          = compact(concat([try(aws_security_group.this[0].id, "")], var.vpc_security_group_ids))
  tags                            = merge(var.tags, var.cluster_tags)

  dynamic "restore_to_point_in_time" {
    for_each = length(var.restore_to_point_in_time) > 0 ? [var.restore_to_point_in_time] : []
    content {
      restore_to_time            = try(restore_to_point_in_time.value.restore_to_time, null)
      source_cluster_identifier  = try(restore_to_point_in_time.value.source_cluster_identifier, null)
      use_latest_restorable_time = try(restore_to_point_in_time.value.use_latest_restorable_time, null)
    }
  }
  dynamic "scaling_configuration" {
    for_each = length(var.scaling_configuration) > 0 && local.serverless ? [var.scaling_configuration] : []
    content {
      auto_pause               = try(scaling_configuration.value.auto_pause, null)
      max_capacity             = try(scaling_configuration.value.max_capacity, null)
      min_capacity             = try(scaling_configuration.value.min_capacity, null)
      seconds_before_timeout   = try(scaling_configuration.value.seconds_before_timeout, null)
      seconds_until_auto_pause = try(scaling_configuration.value.seconds_until_auto_pause, null)
      timeout_action           = try(scaling_configuration.value.timeout_action, null)
    }
  }
  dynamic "serverlessv2_scaling_configuration" {
    for_each = length(var.serverlessv2_scaling_configuration) > 0 && var.engine_mode == "provisioned" ? [var.serverlessv2_scaling_configuration] : []
    content {
      max_capacity             = try(serverlessv2_scaling_configuration.value.max_capacity, null)
      min_capacity             = try(serverlessv2_scaling_configuration.value.min_capacity, null)
      seconds_until_auto_pause = try(serverlessv2_scaling_configuration.value.seconds_until_auto_pause, null)
    }
  }
}

resource "aws_rds_cluster_instance" "this" {
  for_each                   = { for key, instance in var.instances : key => instance if local.create && !local.serverless }
  identifier                 = var.instances_use_identifier_prefix ? null : try(each.value.identifier, "${var.name}-${each.key}")
  cluster_identifier         = aws_rds_cluster.this[0].id
  apply_immediately          = try(each.value.apply_immediately, var.apply_immediately)
  auto_minor_version_upgrade = try(each.value.auto_minor_version_upgrade, var.auto_minor_version_upgrade)
  availability_zone          = try(each.value.availability_zone, null)
  db_parameter_group_name    = var.create_db_parameter_group ? aws_db_parameter_group.this[0].id : try(each.value.db_parameter_group_name, var.db_parameter_group_name)
  db_subnet_group_name       = local.group
  engine                     = var.engine
  engine_version             = var.engine_version
  instance_class             = try(each.value.instance_class, var.instance_class)
  promotion_tier             = try(each.value.promotion_tier, null)
  publicly_accessible        = try(each.value.publicly_accessible, var.publicly_accessible)
  tags                       = merge(var.tags, try(each.value.tags, {}))
}

resource "aws_appautoscaling_target" "this" {
  count              = local.create && var.autoscaling_enabled && !local.serverless ? 1 : 0
  min_capacity       = var.autoscaling_min_capacity
  max_capacity       = var.autoscaling_max_capacity
  resource_id        = "cluster:${aws_rds_cluster.this[0].cluster_identifier}"
  scalable_dimension = "rds:cluster:ReadReplicaCount"
  tags               = var.tags
}

resource "aws_security_group" "this" {
  count = local.guarded ? 1 : 0
  tags  = merge(var.tags, var.security_group_tags, { Name = local.named })
}

resource "aws_security_group_rule" "this" {
  for_each                 = { for key, rule in var.security_group_rules : key => rule if local.guarded }
  security_group_id        = aws_security_group.this[0].id
  type                     = try(each.value.type, "ingress")
  protocol                 = try(each.value.protocol, "tcp")
  from_port                = try(each.value.from_port, local.port)
  to_port                  = try(each.value.to_port, local.port)
  cidr_blocks              = try(each.value.cidr_blocks, null)
  ipv6_cidr_blocks         = try(each.value.ipv6_cidr_blocks, null)
  prefix_list_ids          = try(each.value.prefix_list_ids, null)
  source_security_group_id = try(each.value.source_security_group_id, null)
}

resource "aws_rds_cluster_parameter_group" "this" {
  count  = local.create && var.create_db_cluster_parameter_group ? 1 : 0
  name   = var.db_cluster_parameter_group_use_name_prefix ? null : local.parameters.cluster
  family = var.db_cluster_parameter_group_family
  tags   = var.tags

  dynamic "parameter" {
    for_each = var.db_cluster_parameter_group_parameters
    content {
      name         = parameter.value.name
      value        = parameter.value.value
      apply_method = try(parameter.value.apply_method, "immediate")
    }
  }
}

resource "aws_db_parameter_group" "this" {
  count  = local.create && var.create_db_parameter_group ? 1 : 0
  name   = var.db_parameter_group_use_name_prefix ? null : local.parameters.instance
  family = var.db_parameter_group_family
  tags   = var.tags

  dynamic "parameter" {
    for_each = var.db_parameter_group_parameters
    content {
      name         = parameter.value.name
      value        = parameter.value.value
      apply_method = try(parameter.value.apply_method, "immediate")
    }
  }
}

resource "aws_rds_cluster_activity_stream" "this" {
  count        = local.create && var.create_db_cluster_activity_stream ? 1 : 0
  resource_arn = aws_rds_cluster.this[0].arn
}

resource "aws_secretsmanager_secret_rotation" "this" {
  count     = local.create && var.manage_master_user_password && var.manage_master_user_password_rotation ? 1 : 0
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
