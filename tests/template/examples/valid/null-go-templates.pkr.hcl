# The second language: what stands in {{ }} is not HCL's to read.
source "file" "t" {
  content = "{{isotime \"2006-01-02\"}} {{ `${not}` }}"
  target  = "{{build_name}}-{{ timestamp }}.txt"
}
source "null" "t" {
  communicator = "none"
}

locals {
  braces  = "{{ literal }} {{`{{`}}"
  command = "sh -c '{{ .Vars }} {{ .Path }}'"
  mixed   = "{{ .Name }}-${local.version}-{{user `x`}}"
  version = "1.${length("ab")}"
  format  = "{{ printf \"%s-%d\" .Name 7 | upper }}"
}

build {
  sources = ["null.t", "file.t"]
  provisioner "shell-local" {
    inline = [
      "echo {{ isotime }} {{ pwd }}",
    ]
  }
}
