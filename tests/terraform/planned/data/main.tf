variable "vpc" {
  default = "vpc-1"
}

resource "terraform_data" "first" {}

data "aws_subnets" "this" {
  vpc_id     = var.vpc
  depends_on = [terraform_data.first]
}

data "aws_secretsmanager_secret_version" "this" {
  secret_id  = "x"
  depends_on = [terraform_data.first]
}

resource "aws_db_subnet_group" "this" {
  name       = "x"
  subnet_ids = data.aws_subnets.this.ids
}

resource "aws_db_instance" "this" {
  identifier           = "x"
  engine               = "mysql"
  password             = data.aws_secretsmanager_secret_version.this.secret_string
  db_subnet_group_name = aws_db_subnet_group.this.id
  availability_zone    = length(data.aws_subnets.this.ids) > 1 ? null : "eu-west-1a"
  multi_az             = length(data.aws_subnets.this.ids) > 1
}
