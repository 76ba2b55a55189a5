locals {
  prefix = "${var.environment}-${local.short}"
  short  = substr(sha1(var.owner), 0, 6)
}

locals {
  roles = [for role in var.roles : "${local.prefix}-${role}"]
}

local "secret" {
  expression = "token-${local.short}"
  sensitive  = true
}
