variable "name" {
  type = string
}

variable "team" {}

resource "aws_dynamodb_table" "this" {
  name                        = "${var.team}-${var.name}"
  hash_key                    = substr(md5(var.name), 0, 4)
  deletion_protection_enabled = var.team == "red"
  tags                        = { Team = title(var.team) }
}

output "arn" {
  value = aws_dynamodb_table.this.arn
}
