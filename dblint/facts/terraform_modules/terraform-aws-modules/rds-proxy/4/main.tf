resource "aws_db_proxy" "this" {
  count                  = var.create ? 1 : 0
  name                   = var.name
  region                 = var.region
  engine_family          = var.engine_family
  default_auth_scheme    = var.default_auth_scheme
  require_tls            = var.require_tls
  vpc_security_group_ids = var.vpc_security_group_ids
  vpc_subnet_ids         = var.vpc_subnet_ids
  tags                   = merge(var.tags, var.proxy_tags)

  dynamic "auth" {
    for_each = var.auth
    content {
      auth_scheme               = auth.value.auth_scheme
      client_password_auth_type = auth.value.client_password_auth_type
      iam_auth                  = auth.value.iam_auth
      secret_arn                = auth.value.secret_arn
      username                  = auth.value.username
    }
  }
}

resource "aws_db_proxy_target" "db_instance" {
  count                  = var.create && var.target_db_instance ? 1 : 0
  region                 = var.region
  db_proxy_name          = aws_db_proxy.this[0].name
  db_instance_identifier = var.db_instance_identifier
}

resource "aws_db_proxy_target" "db_cluster" {
  count                 = var.create && var.target_db_cluster ? 1 : 0
  region                = var.region
  db_proxy_name         = aws_db_proxy.this[0].name
  db_cluster_identifier = var.db_cluster_identifier
}

output "proxy_id" { value = try(aws_db_proxy.this[0].id, null) }
output "proxy_arn" { value = try(aws_db_proxy.this[0].arn, null) }
output "proxy_endpoint" { value = try(aws_db_proxy.this[0].endpoint, null) }
