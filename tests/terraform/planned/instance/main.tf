terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

variable "multi_az" {
  type    = bool
  default = false
}

variable "password" {
  type      = string
  sensitive = true
  default   = null
}

resource "aws_kms_key" "this" {}

resource "aws_db_subnet_group" "this" {
  name       = "orders"
  subnet_ids = ["subnet-1", "subnet-2"]
}

resource "aws_security_group" "db" {
  name = "db"
  ingress {
    from_port   = 5432
    to_port     = 5432
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_db_instance" "orders" {
  identifier              = "prod-orders"
  engine                  = "postgres"
  engine_version          = "16.9"
  instance_class          = "db.m7g.large"
  allocated_storage       = 100
  multi_az                = var.multi_az
  storage_encrypted       = true
  kms_key_id              = aws_kms_key.this.arn
  db_subnet_group_name    = aws_db_subnet_group.this.name
  vpc_security_group_ids  = [aws_security_group.db.id]
  publicly_accessible     = true
  backup_retention_period = 0
  skip_final_snapshot     = true
  username                = "admin"
  password                = var.password
  tags                    = { Name = "orders" }
}
