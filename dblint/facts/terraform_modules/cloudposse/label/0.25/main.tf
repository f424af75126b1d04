# Names from parts: those that are given win over those of the context; attributes and tags are joined.
locals {
  enabled   = var.enabled == null ? try(var.context.enabled, true) : var.enabled
  replaced  = coalesce(var.regex_replace_chars, try(var.context.regex_replace_chars, null), "/[^-a-zA-Z0-9]/")
  delimiter = var.delimiter == null ? try(coalesce(var.context.delimiter, "-"), "-") : var.delimiter
  order     = var.label_order != null ? var.label_order : try(length(var.context.label_order), 0) > 0 ? var.context.label_order : ["namespace", "environment", "stage", "name", "attributes"]
  key_case  = coalesce(var.label_key_case, try(var.context.label_key_case, null), "title")
  case      = coalesce(var.label_value_case, try(var.context.label_value_case, null), "lower")
  limit     = coalesce(var.id_length_limit, try(var.context.id_length_limit, null), 0)
  given = {
    namespace   = var.namespace == null ? try(var.context.namespace, null) : var.namespace
    tenant      = var.tenant == null ? try(var.context.tenant, null) : var.tenant
    environment = var.environment == null ? try(var.context.environment, null) : var.environment
    stage       = var.stage == null ? try(var.context.stage, null) : var.stage
    name        = var.name == null ? try(var.context.name, null) : var.name
  }
  clean      = { for part, text in local.given : part => text == null ? "" : replace(text, local.replaced, "") }
  parts      = { for part, text in local.clean : part => local.case == "none" ? text : local.case == "title" ? title(lower(text)) : local.case == "upper" ? upper(text) : lower(text) }
  attributes = compact(distinct([for text in concat(coalesce(try(var.context.attributes, null), []), var.attributes) : local.case == "none" ? text : local.case == "title" ? title(lower(text)) : local.case == "upper" ? upper(text) : lower(text)]))
  labels     = merge(local.parts, { attributes = join(local.delimiter, local.attributes) })
  whole      = join(local.delimiter, [for part in local.order : local.labels[part] if length(local.labels[part]) > 0])
  short      = local.limit > 0 && length(local.whole) > local.limit ? "${substr(local.whole, 0, local.limit - 6)}-${substr(md5(local.whole), 0, 5)}" : local.whole
  keys       = { for part, text in merge(local.labels, { name = local.short }) : part => local.key_case == "upper" ? upper(part) : local.key_case == "lower" ? part : title(part) }
  made       = { for part, text in merge(local.labels, { name = local.short }) : local.keys[part] => text if length(text) > 0 }
  tags       = merge(local.made, try(var.context.tags, {}), var.tags)
}

output "enabled" { value = local.enabled }
output "id" { value = local.enabled ? local.short : "" }
output "id_full" { value = local.enabled ? local.whole : "" }
output "namespace" { value = local.enabled ? local.parts.namespace : "" }
output "tenant" { value = local.enabled ? local.parts.tenant : "" }
output "environment" { value = local.enabled ? local.parts.environment : "" }
output "stage" { value = local.enabled ? local.parts.stage : "" }
output "name" { value = local.enabled ? local.parts.name : "" }
output "attributes" { value = local.enabled ? local.attributes : [] }
output "delimiter" { value = local.delimiter }
output "tags" { value = local.enabled ? local.tags : {} }
output "context" {
  value = merge(try(tomap({}), {}), local.given, {
    enabled             = local.enabled
    delimiter           = local.delimiter
    attributes          = local.attributes
    tags                = local.tags
    label_order         = local.order
    regex_replace_chars = local.replaced
    id_length_limit     = local.limit
    label_key_case      = local.key_case
    label_value_case    = local.case
  })
}
