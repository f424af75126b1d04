locals {
  replica = var.replicate_source_db != null
  managed = !local.replica && var.manage_master_user_password
}

resource "aws_db_instance" "this" {
  count                               = var.create ? 1 : 0
  identifier                          = var.use_identifier_prefix ? null : var.identifier
  allocated_storage                   = local.replica ? null : var.allocated_storage
  apply_immediately                   = var.apply_immediately
  auto_minor_version_upgrade          = var.auto_minor_version_upgrade
  availability_zone                   = var.availability_zone
  backup_retention_period             = try(length(var.blue_green_update), 0) > 0 ? coalesce(var.backup_retention_period, 1) : var.backup_retention_period
  db_subnet_group_name                = var.db_subnet_group_name
  deletion_protection                 = var.deletion_protection
  enabled_cloudwatch_logs_exports     = var.enabled_cloudwatch_logs_exports
  engine                              = local.replica ? null : var.engine
  engine_version                      = var.engine_version
  iam_database_authentication_enabled = var.iam_database_authentication_enabled
  instance_class                      = var.instance_class
  kms_key_id                          = var.kms_key_id
  manage_master_user_password         = local.managed ? true : null
  max_allocated_storage               = var.max_allocated_storage
  multi_az                            = var.multi_az
  option_group_name                   = var.option_group_name
  parameter_group_name                = var.parameter_group_name
  password                            = local.managed ? null : var.password
  port                                = var.port
  publicly_accessible                 = var.publicly_accessible
  replicate_source_db                 = var.replicate_source_db
  skip_final_snapshot                 = var.skip_final_snapshot
  snapshot_identifier                 = var.snapshot_identifier
  storage_encrypted                   = var.storage_encrypted
  vpc_security_group_ids              = var.vpc_security_group_ids
  tags                                = var.tags

  dynamic "restore_to_point_in_time" {
    for_each = var.restore_to_point_in_time[*]
    content {
      restore_time                             = try(restore_to_point_in_time.value.restore_time, null)
      source_db_instance_automated_backups_arn = try(restore_to_point_in_time.value.source_db_instance_automated_backups_arn, null)
      source_db_instance_identifier            = try(restore_to_point_in_time.value.source_db_instance_identifier, null)
      source_dbi_resource_id                   = try(restore_to_point_in_time.value.source_dbi_resource_id, null)
      use_latest_restorable_time               = try(restore_to_point_in_time.value.use_latest_restorable_time, null)
    }
  }
}

resource "aws_secretsmanager_secret_rotation" "this" {
  count     = var.create && var.manage_master_user_password && var.manage_master_user_password_rotation ? 1 : 0
  secret_id = aws_db_instance.this[0].master_user_secret[0].secret_arn

  rotation_rules {
    automatically_after_days = var.master_user_password_rotation_automatically_after_days
    duration                 = var.master_user_password_rotation_duration
    schedule_expression      = var.master_user_password_rotation_schedule_expression
  }
}

output "db_instance_identifier" { value = try(aws_db_instance.this[0].identifier, null) }
output "db_instance_arn" { value = try(aws_db_instance.this[0].arn, null) }
output "db_instance_address" { value = try(aws_db_instance.this[0].address, null) }
output "db_instance_endpoint" { value = try(aws_db_instance.this[0].endpoint, null) }
output "db_instance_port" { value = try(aws_db_instance.this[0].port, null) }
