# An instance with its groups and rules; names and tags come from the label.
locals {
  replica = try(length(var.replicate_source_db), 0) > 0
  grouped = var.db_subnet_group_name != null && var.db_subnet_group_name != ""
  placed  = var.subnet_ids != null && try(length(var.subnet_ids), 0) > 0
  guard   = join("", aws_security_group.default[*].id)
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

resource "aws_db_instance" "default" {
  count                               = module.this.enabled ? 1 : 0
  identifier                          = module.this.id
  allocated_storage                   = local.replica ? null : var.allocated_storage
  apply_immediately                   = var.apply_immediately
  auto_minor_version_upgrade          = var.auto_minor_version_upgrade
  availability_zone                   = var.multi_az ? null : var.availability_zone
  backup_retention_period             = var.backup_retention_period
  db_subnet_group_name                = local.grouped ? var.db_subnet_group_name : local.replica ? null : local.placed ? join("", aws_db_subnet_group.default[*].name) : null
  deletion_protection                 = var.deletion_protection
  enabled_cloudwatch_logs_exports     = var.enabled_cloudwatch_logs_exports
  engine                              = local.replica ? null : var.engine
  engine_version                      = local.replica ? null : var.engine_version
  iam_database_authentication_enabled = var.iam_database_authentication_enabled
  instance_class                      = var.instance_class
  kms_key_id                          = var.kms_key_arn
  manage_master_user_password         = local.replica || var.database_password != null ? null : var.database_manage_master_user_password
  max_allocated_storage               = var.max_allocated_storage
  multi_az                            = var.multi_az
  option_group_name                   = length(var.option_group_name) > 0 ? var.option_group_name : join("", aws_db_option_group.default[*].name)
  parameter_group_name                = length(var.parameter_group_name) > 0 ? var.parameter_group_name : join("", aws_db_parameter_group.default[*].name)
  password                            = local.replica ? null : var.database_password
  port                                = var.database_port
  publicly_accessible                 = var.publicly_accessible
  replicate_source_db                 = var.replicate_source_db
  skip_final_snapshot                 = var.skip_final_snapshot
  snapshot_identifier                 = var.snapshot_identifier
  storage_encrypted                   = var.storage_encrypted
  vpc_security_group_ids              = compact(concat([local.guard], var.associate_security_group_ids))
  tags                                = module.this.tags

  dynamic "restore_to_point_in_time" {
    for_each = var.snapshot_identifier == null ? var.restore_to_point_in_time[*] : []
    content {
      restore_time                             = try(restore_to_point_in_time.value.restore_time, null)
      source_db_instance_identifier            = try(restore_to_point_in_time.value.source_db_instance_identifier, null)
      source_db_instance_automated_backups_arn = try(restore_to_point_in_time.value.source_db_instance_automated_backups_arn, null)
      source_dbi_resource_id                   = try(restore_to_point_in_time.value.source_dbi_resource_id, null)
      use_latest_restorable_time               = try(restore_to_point_in_time.value.use_latest_restorable_time, null)
    }
  }
}

resource "aws_db_parameter_group" "default" {
  count  = length(var.parameter_group_name) == 0 && module.this.enabled ? 1 : 0
  family = var.db_parameter_group
  tags   = module.this.tags

  dynamic "parameter" {
    for_each = var.db_parameter
    content {
      name         = parameter.value.name
      value        = parameter.value.value
      apply_method = try(parameter.value.apply_method, null)
    }
  }
}

resource "aws_db_option_group" "default" {
  count = length(var.option_group_name) == 0 && module.this.enabled ? 1 : 0
  tags  = module.this.tags

  dynamic "option" {
    for_each = var.db_options
    content {
      option_name                    = option.value.option_name
      port                           = try(option.value.port, null)
      version                        = try(option.value.version, null)
      db_security_group_memberships  = try(option.value.db_security_group_memberships, null)
      vpc_security_group_memberships = try(option.value.vpc_security_group_memberships, null)

      dynamic "option_settings" {
        for_each = try(option.value.option_settings, [])
        content {
          name  = option_settings.value.name
          value = option_settings.value.value
        }
      }
    }
  }
}

resource "aws_db_subnet_group" "default" {
  count      = module.this.enabled && local.placed && !local.grouped ? 1 : 0
  name       = module.this.id
  subnet_ids = var.subnet_ids
  tags       = module.this.tags
}

resource "aws_security_group" "default" {
  count = module.this.enabled ? 1 : 0
  tags  = module.this.tags
}

resource "aws_security_group_rule" "ingress_security_groups" {
  count                    = module.this.enabled ? length(var.security_group_ids) : 0
  security_group_id        = local.guard
  type                     = "ingress"
  from_port                = var.database_port
  to_port                  = var.database_port
  protocol                 = "tcp"
  source_security_group_id = var.security_group_ids[count.index]
}

resource "aws_security_group_rule" "ingress_cidr_blocks" {
  count             = module.this.enabled && length(var.allowed_cidr_blocks) > 0 ? 1 : 0
  security_group_id = local.guard
  type              = "ingress"
  from_port         = var.database_port
  to_port           = var.database_port
  protocol          = "tcp"
  cidr_blocks       = var.allowed_cidr_blocks
}

resource "aws_security_group_rule" "ingress_prefix_lists" {
  count             = module.this.enabled && length(var.allowed_prefix_list_ids) > 0 ? 1 : 0
  security_group_id = local.guard
  type              = "ingress"
  from_port         = var.database_port
  to_port           = var.database_port
  protocol          = "tcp"
  prefix_list_ids   = var.allowed_prefix_list_ids
}

resource "aws_security_group_rule" "egress" {
  count             = module.this.enabled ? 1 : 0
  security_group_id = local.guard
  type              = "egress"
  from_port         = 0
  to_port           = 0
  protocol          = "-1"
  cidr_blocks       = ["0.0.0.0/0"]
}

output "instance_id" { value = join("", aws_db_instance.default[*].identifier) }
output "instance_arn" { value = join("", aws_db_instance.default[*].arn) }
output "instance_endpoint" { value = join("", aws_db_instance.default[*].endpoint) }
output "security_group_id" { value = local.guard }
