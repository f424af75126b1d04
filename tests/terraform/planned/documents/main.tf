resource "aws_kms_key" "this" {}

resource "aws_emr_security_configuration" "this" {
  name = "x"
  configuration = jsonencode({
    EncryptionConfiguration = {
      EnableInTransitEncryption = false
      EnableAtRestEncryption    = true
      AtRestEncryptionConfiguration = {
        LocalDiskEncryptionConfiguration = { AwsKmsKey = "arn:aws:kms:eu-west-1:123456789012:key/x" }
      }
    }
  })
}

resource "aws_db_parameter_group" "this" {
  name   = "x"
  family = "postgres16"

  dynamic "parameter" {
    for_each = { "rds.force_ssl" = "0", log_connections = 1 }
    content {
      name  = parameter.key
      value = parameter.value
    }
  }
}

resource "aws_db_instance" "this" {
  engine               = "postgres"
  engine_version       = "16.9"
  parameter_group_name = aws_db_parameter_group.this.name
  tags = {
    Note = <<-EOT
      two
        lines ${upper("here")}
    EOT
  }
}
