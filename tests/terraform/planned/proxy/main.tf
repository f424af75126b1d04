resource "aws_secretsmanager_secret" "this" {
  name = "db"
}

resource "random_password" "this" {
  length = 20
}

resource "aws_rds_cluster" "this" {
  cluster_identifier = "x"
  engine             = "aurora-mysql"
  master_username    = "admin"
  master_password    = random_password.this.result
}

resource "aws_db_proxy" "this" {
  name           = "x"
  engine_family  = "MYSQL"
  require_tls    = false
  role_arn       = "arn:aws:iam::123456789012:role/x"
  vpc_subnet_ids = ["subnet-1", "subnet-2"]

  auth {
    auth_scheme = "SECRETS"
    iam_auth    = "DISABLED"
    secret_arn  = aws_secretsmanager_secret.this.arn
  }
}

resource "aws_db_proxy_target" "this" {
  db_proxy_name         = aws_db_proxy.this.name
  db_cluster_identifier = aws_rds_cluster.this.id
}
