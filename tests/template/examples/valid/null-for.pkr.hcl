locals {
  hosts = [
    { name = "a", ip = "10.0.0.1", roles = ["web"] },
    { name = "b", ip = "10.0.0.2", roles = ["web", "db"] },
    { name = "c", ip = "10.0.0.3", roles = [] },
  ]
  names   = [for h in local.hosts : h.name]
  indexed = { for i, h in local.hosts : h.name => i }
  by_role = { for pair in flatten([for h in local.hosts : [for r in h.roles : { role = r, name = h.name }]]) : pair.role => pair.name... }
  busy    = [for h in local.hosts : h.ip if length(h.roles) > 0]
  matrix  = [for x in range(3) : [for y in range(3) : x * y]]
  swapped = { for k, v in { one = "1", two = "2" } : v => k }
  upper   = { for h in local.hosts : upper(h.name) => {
    ip    = h.ip
    first = try(h.roles[0], null)
  } }
  hosts_file = join("", [
    for h in local.hosts : format("%-16s%s\n", h.ip, h.name)
  ])
  text = "%{ for h in local.hosts }${h.name}=${h.ip}%{ if h.name != "c" },%{ endif }%{ endfor }"
  trim = <<-EOT
  %{~ for i, n in local.names ~}
  ${i}.${n}
  %{~ endfor ~}
  EOT
  keyed  = [for k, v in { b = 2, a = 1 } : "${k}${v}"]
  sets   = [for s in convert(["z", "y", "z"], set(string)) : s]
  filter = { for k, v in { a = 1, b = null, c = 3 } : k => v if v != null }
}

source "null" "f" { communicator = "none" }

build {
  sources = ["null.f"]
  dynamic "provisioner" {
    for_each = [for h in local.hosts : h if contains(h.roles, "web")]
    iterator = host
    labels   = ["shell-local"]
    content {
      inline = ["echo ${host.key} ${host.value.name}"]
    }
  }
}
