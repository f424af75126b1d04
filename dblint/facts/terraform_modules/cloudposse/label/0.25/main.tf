# Names from parts: those that are given win over those of the context; attributes and tags are joined.
locals {
  enabled   = var.enabled == null ? try(var.context.enabled, true) : var.enabled
  unwanted  = coalesce(var.regex_replace_chars, try(var.context.regex_replace_chars, null), "/[^-a-zA-Z0-9]/")
  delimiter = var.delimiter == null ? try(coalesce(var.context.delimiter, "-"), "-") : var.delimiter
  order     = coalescelist(coalesce(var.label_order, try(var.context.label_order, null), []), ["namespace", "environment", "stage", "name", "attributes"])
  key_case  = coalesce(var.label_key_case, try(var.context.label_key_case, null), "title")
  case      = coalesce(var.label_value_case, try(var.context.label_value_case, null), "lower")
  limit     = coalesce(var.id_length_limit, try(var.context.id_length_limit, null), 0)
  as_tags   = try(contains(var.context.labels_as_tags, "unset"), true) ? var.labels_as_tags : var.context.labels_as_tags
  given = {
    namespace   = var.namespace == null ? try(var.context.namespace, null) : var.namespace
    tenant      = var.tenant == null ? try(var.context.tenant, null) : var.tenant
    environment = var.environment == null ? try(var.context.environment, null) : var.environment
    stage       = var.stage == null ? try(var.context.stage, null) : var.stage
    name        = var.name == null ? try(var.context.name, null) : var.name
  }
  clean      = { for part, text in local.given : part => text == null ? "" : replace(text, local.unwanted, "") }
  parts      = { for part, text in local.clean : part => { none = text, title = title(lower(text)), upper = upper(text), lower = lower(text) }[local.case] }
  extra      = compact(distinct([for text in concat(coalesce(try(var.context.attributes, null), []), coalesce(var.attributes, [])) : replace(text, local.unwanted, "")]))
  attributes = compact(distinct([for text in local.extra : { none = text, title = title(lower(text)), upper = upper(text), lower = lower(text) }[local.case]]))
  labels     = merge(local.parts, { attributes = join(local.delimiter, local.attributes) })
  whole      = join(local.delimiter, [for part in local.order : local.labels[part] if length(local.labels[part]) > 0])

  # What is too long is cut, and ends in five characters of its hash.
  hash  = replace({ none = "${md5(local.whole)}qrstuvwxyz", title = title("${md5(local.whole)}qrstuvwxyz"), upper = upper("${md5(local.whole)}qrstuvwxyz"), lower = "${md5(local.whole)}qrstuvwxyz" }[local.case], local.unwanted, "")
  room  = local.limit - 5 - length(local.delimiter)
  cut   = local.room <= 0 ? "" : "${trimsuffix(substr(local.whole, 0, local.room), local.delimiter)}${local.delimiter}"
  short = local.limit != 0 && length(local.whole) > local.limit ? substr("${local.cut}${local.hash}", 0, local.limit) : local.whole

  tagged = merge(local.labels, { name = local.short })
  shown  = contains(local.as_tags, "default") ? keys(local.tagged) : local.as_tags
  made   = { for part, text in local.tagged : { upper = upper(part), lower = part, title = title(part) }[local.key_case] => text if length(text) > 0 && contains(local.shown, part) }
  tags   = merge(local.made, try(var.context.tags, {}), var.tags)
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
  value = merge(local.parts, {
    enabled             = local.enabled
    delimiter           = local.delimiter
    attributes          = local.attributes
    tags                = local.tags
    label_order         = local.order
    regex_replace_chars = local.unwanted
    id_length_limit     = local.limit
    label_key_case      = local.key_case
    label_value_case    = local.case
    labels_as_tags      = local.as_tags
  })
}
