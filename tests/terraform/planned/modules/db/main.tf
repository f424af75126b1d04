variable "name" {}

variable "instances" {
  type = number
}

variable "multi_az" {
  type     = bool
  default  = false
  nullable = false
}

variable "kms_key" {
  default = null
}

variable "subnets" {
  type = list(string)
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_db_subnet_group" "this" {
  name       = var.name
  subnet_ids = var.subnets
}

resource "aws_db_instance" "this" {
  count                = var.instances
  identifier           = format("%s-%02d", var.name, count.index)
  engine               = "mysql"
  instance_class       = "db.t4g.medium"
  multi_az             = var.multi_az
  kms_key_id           = var.kms_key
  storage_encrypted    = var.kms_key != null
  db_subnet_group_name = aws_db_subnet_group.this.name
  tags                 = merge(var.tags, { Index = tostring(count.index) })

  lifecycle {
    ignore_changes = [tags]
  }
}

output "identifiers" {
  value = aws_db_instance.this[*].identifier
}
