# An instance, and the groups that it is in, each in a module of its own.
locals {
  subnets    = var.create_db_subnet_group && var.putin_khuylo
  parameters = var.create_db_parameter_group && var.putin_khuylo
  instance   = var.create_db_instance && var.putin_khuylo
  options    = var.create_db_option_group && !contains(["postgres"], var.engine)
}

module "db_subnet_group" {
  source          = "./modules/db_subnet_group"
  create          = local.subnets
  name            = coalesce(var.db_subnet_group_name, var.identifier)
  use_name_prefix = var.db_subnet_group_use_name_prefix
  subnet_ids      = var.subnet_ids
  tags            = merge(var.tags, var.db_subnet_group_tags)
}

module "db_parameter_group" {
  source          = "./modules/db_parameter_group"
  create          = local.parameters
  name            = coalesce(var.parameter_group_name, var.identifier)
  use_name_prefix = var.parameter_group_use_name_prefix
  family          = var.family
  parameters      = var.parameters
  tags            = merge(var.tags, var.db_parameter_group_tags)
}

module "db_option_group" {
  source          = "./modules/db_option_group"
  create          = local.options
  name            = coalesce(var.option_group_name, var.identifier)
  use_name_prefix = var.option_group_use_name_prefix
  options         = var.options
  tags            = merge(var.tags, var.db_option_group_tags)
}

module "db_instance" {
  source                                                 = "./modules/db_instance"
  create                                                 = local.instance
  identifier                                             = var.identifier
  use_identifier_prefix                                  = var.instance_use_identifier_prefix
  allocated_storage                                      = var.allocated_storage
  apply_immediately                                      = var.apply_immediately
  auto_minor_version_upgrade                             = var.auto_minor_version_upgrade
  availability_zone                                      = var.availability_zone
  backup_retention_period                                = var.backup_retention_period
  blue_green_update                                      = var.blue_green_update
  db_subnet_group_name                                   = var.create_db_subnet_group ? module.db_subnet_group.db_subnet_group_id : var.db_subnet_group_name
  deletion_protection                                    = var.deletion_protection
  enabled_cloudwatch_logs_exports                        = var.enabled_cloudwatch_logs_exports
  engine                                                 = var.engine
  engine_version                                         = var.engine_version
  iam_database_authentication_enabled                    = var.iam_database_authentication_enabled
  instance_class                                         = var.instance_class
  kms_key_id                                             = var.kms_key_id
  manage_master_user_password                            = var.manage_master_user_password
  manage_master_user_password_rotation                   = var.manage_master_user_password_rotation
  master_user_password_rotation_automatically_after_days = var.master_user_password_rotation_automatically_after_days
  master_user_password_rotation_duration                 = var.master_user_password_rotation_duration
  master_user_password_rotation_schedule_expression      = var.master_user_password_rotation_schedule_expression
  max_allocated_storage                                  = var.max_allocated_storage
  multi_az                                               = var.multi_az
  option_group_name                                      = local.options ? module.db_option_group.db_option_group_id : var.option_group_name
  parameter_group_name                                   = var.create_db_parameter_group ? module.db_parameter_group.db_parameter_group_id : var.parameter_group_name
  password_wo                                            = var.password_wo
  port                                                   = var.port
  publicly_accessible                                    = var.publicly_accessible
  replicate_source_db                                    = var.replicate_source_db
  restore_to_point_in_time                               = var.restore_to_point_in_time
  skip_final_snapshot                                    = var.skip_final_snapshot
  snapshot_identifier                                    = var.snapshot_identifier
  storage_encrypted                                      = var.storage_encrypted
  vpc_security_group_ids                                 = var.vpc_security_group_ids
  tags                                                   = merge(var.tags, var.db_instance_tags)
}

output "db_instance_identifier" { value = module.db_instance.db_instance_identifier }
output "db_instance_arn" { value = module.db_instance.db_instance_arn }
output "db_instance_address" { value = module.db_instance.db_instance_address }
output "db_instance_endpoint" { value = module.db_instance.db_instance_endpoint }
output "db_instance_port" { value = module.db_instance.db_instance_port }
output "db_subnet_group_id" { value = module.db_subnet_group.db_subnet_group_id }
output "db_parameter_group_id" { value = module.db_parameter_group.db_parameter_group_id }
