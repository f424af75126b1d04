variable "name" {}

variable "source_db" {
  default = null
}

resource "aws_db_instance" "this" {
  identifier          = var.name
  engine              = var.source_db == null ? "postgres" : null
  replicate_source_db = var.source_db
}

output "arn" {
  value = aws_db_instance.this.arn
}
