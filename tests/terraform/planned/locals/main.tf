locals {
  key      = aws_kms_key.this.arn
  groups   = [aws_security_group.one.id, "sg-known"]
  settings = jsondecode(file("${path.module}/settings.json"))
  name     = join("-", compact([local.settings.prefix, "", "db"]))
}

resource "aws_kms_key" "this" {}

resource "aws_security_group" "one" {}

resource "aws_rds_cluster" "this" {
  cluster_identifier      = local.name
  engine                  = local.settings.engine
  backup_retention_period = local.settings.days
  kms_key_id              = local.key
  vpc_security_group_ids  = local.groups
  deletion_protection     = can(local.settings.protect) ? local.settings.protect : null
  master_password_wo      = "secret"
}

resource "aws_rds_cluster_instance" "this" {
  for_each           = { for i, class in local.settings.classes : "i${i}" => class }
  cluster_identifier = aws_rds_cluster.this.id
  instance_class     = each.value
  engine             = aws_rds_cluster.this.engine
  promotion_tier     = tonumber(trimprefix(each.key, "i"))
}
