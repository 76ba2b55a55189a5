variable "inventory_groups" {
  type    = list(string)
  default = ["all", "web"]
}
variable "vault_password_file" {
  type    = string
  default = ""
}

locals {
  extra = {
    ansible_python_interpreter = "/usr/bin/python3"
    features                   = { monitoring = true, backup = false }
  }
  arguments = compact(concat(
    ["--extra-vars", jsonencode(local.extra)],
    var.vault_password_file == "" ? [] : ["--vault-password-file", var.vault_password_file],
    ["--ssh-extra-args", "-o IdentitiesOnly=yes"],
    [for g in var.inventory_groups : g == "all" ? "" : "--limit=${g}"],
  ))
}

source "null" "target" {
  ssh_host             = "192.0.2.1"
  ssh_username         = "ansible"
  ssh_private_key_file = "~/.ssh/id_rsa"
}

build {
  sources = ["source.null.target"]
  provisioner "ansible" {
    playbook_file   = "${path.root}/site.yml"
    groups          = var.inventory_groups
    extra_arguments = local.arguments
    inventory_file_template = "{{ .HostAlias }} ansible_host={{ .Host }} ansible_user={{ .User }} ansible_port={{ .Port }}\n"
    galaxy_file = "requirements.yml"
    keep_inventory_file = false
  }
  provisioner "puppet-masterless" {
    manifest_file   = "site.pp"
    execute_command = "cd {{.WorkingDir}} && {{.FacterVars}}{{if .Sudo}} sudo -E {{end}}puppet apply --verbose {{if ne .ModulePath \"\"}}--modulepath='{{.ModulePath}}' {{end}}{{.ManifestFile}}"
  }
}
