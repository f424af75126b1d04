locals {
  guarded = var.create && var.create_managed_security_groups
  private = local.guarded && var.is_private_cluster
  named   = try(coalesce(var.managed_security_group_name, var.name), "")
  tags    = merge(var.tags, var.managed_security_group_tags)
  marked  = { "for-use-with-amazon-emr-managed-policies" = true }
  # What a cluster in a private subnet always allows, beside what is given.
  manager = { master_9443 = { name = null, from_port = 9443, to_port = null, ip_protocol = "tcp", cidr_ipv4 = null, cidr_ipv6 = null, prefix_list_id = null, referenced_security_group_id = null, reference_master_security_group = true, tags = {} } }
}

resource "aws_emr_cluster" "this" {
  count                             = var.create ? 1 : 0
  name                              = var.name
  region                            = var.region
  keep_job_flow_alive_when_no_steps = var.keep_job_flow_alive_when_no_steps
  log_uri                           = var.log_uri
  tags                              = merge(var.tags, local.marked)

  dynamic "auto_termination_policy" {
    for_each = var.auto_termination_policy[*]
    content {
      idle_timeout = auto_termination_policy.value.idle_timeout
    }
  }
  dynamic "master_instance_group" {
    for_each = var.master_instance_group[*]
    content {
      instance_count = master_instance_group.value.instance_count
    }
  }
  dynamic "master_instance_fleet" {
    for_each = var.master_instance_fleet[*]
    content {
      target_on_demand_capacity = master_instance_fleet.value.target_on_demand_capacity
    }
  }
}

resource "aws_emr_security_configuration" "this" {
  count         = var.create && var.create_security_configuration ? 1 : 0
  name          = var.security_configuration_use_name_prefix ? null : try(coalesce(var.security_configuration_name, var.name), "")
  region        = var.region
  configuration = var.security_configuration
}

resource "aws_security_group" "master" {
  count  = local.guarded ? 1 : 0
  region = var.region
  tags   = merge(local.tags, { Name = "${local.named}-master" }, local.marked)
}

resource "aws_security_group" "slave" {
  count  = local.guarded ? 1 : 0
  region = var.region
  tags   = merge(local.tags, { Name = "${local.named}-slave" }, local.marked)
}

resource "aws_security_group" "service" {
  count  = local.private ? 1 : 0
  region = var.region
  tags   = merge(local.tags, { Name = "${local.named}-service" }, local.marked)
}

resource "aws_vpc_security_group_ingress_rule" "master" {
  for_each                     = { for key, rule in coalesce(var.master_security_group_ingress_rules, {}) : key => rule if local.guarded }
  region                       = var.region
  security_group_id            = aws_security_group.master[0].id
  ip_protocol                  = each.value.ip_protocol
  from_port                    = each.value.from_port
  to_port                      = try(coalesce(each.value.to_port, each.value.from_port), null)
  cidr_ipv4                    = each.value.cidr_ipv4
  cidr_ipv6                    = each.value.cidr_ipv6
  prefix_list_id               = each.value.prefix_list_id
  referenced_security_group_id = each.value.reference_slave_security_group ? aws_security_group.slave[0].id : each.value.referenced_security_group_id
  tags                         = merge(local.tags, { Name = coalesce(each.value.name, "${local.named}-master-${each.key}") }, each.value.tags)
}

resource "aws_vpc_security_group_ingress_rule" "slave" {
  for_each                     = { for key, rule in coalesce(var.slave_security_group_ingress_rules, {}) : key => rule if local.guarded }
  region                       = var.region
  security_group_id            = aws_security_group.slave[0].id
  ip_protocol                  = each.value.ip_protocol
  from_port                    = each.value.from_port
  to_port                      = try(coalesce(each.value.to_port, each.value.from_port), null)
  cidr_ipv4                    = each.value.cidr_ipv4
  cidr_ipv6                    = each.value.cidr_ipv6
  prefix_list_id               = each.value.prefix_list_id
  referenced_security_group_id = each.value.reference_master_security_group ? aws_security_group.master[0].id : each.value.referenced_security_group_id
  tags                         = merge(local.tags, { Name = coalesce(each.value.name, "${local.named}-slave-${each.key}") }, each.value.tags)
}

resource "aws_vpc_security_group_ingress_rule" "service" {
  for_each                     = { for key, rule in merge(local.manager, var.service_security_group_ingress_rules) : key => rule if local.private }
  region                       = var.region
  security_group_id            = aws_security_group.service[0].id
  ip_protocol                  = each.value.ip_protocol
  from_port                    = each.value.from_port
  to_port                      = try(coalesce(each.value.to_port, each.value.from_port), null)
  cidr_ipv4                    = each.value.cidr_ipv4
  cidr_ipv6                    = each.value.cidr_ipv6
  prefix_list_id               = each.value.prefix_list_id
  referenced_security_group_id = each.value.reference_master_security_group ? aws_security_group.master[0].id : each.value.referenced_security_group_id
  tags                         = merge(local.tags, { Name = coalesce(each.value.name, "${local.named}-service-${each.key}") }, each.value.tags)
}

output "cluster_arn" { value = try(aws_emr_cluster.this[0].arn, null) }
output "cluster_id" { value = try(aws_emr_cluster.this[0].id, null) }
output "security_configuration_name" { value = try(aws_emr_security_configuration.this[0].name, null) }
