locals {
  name = "app"
  plain = <<EOT
[Unit]
Description=${local.name}
  Indented stays.
EOT

  stripped = <<-EOT
      [Service]
      ExecStart=/usr/bin/${local.name} \
          --flag=$${HOME} --percent=%%{x}

      Restart=always
      EOT

  listed = <<-EOT
    %{ for port in [80, 443, 8080] ~}
    listen ${port};
    %{ endfor ~}
    %{ if local.name == "app" ~}
    server_name app.example.org;
    %{ else ~}
    server_name _;
    %{ endif ~}
  EOT
  tabs = <<-EOT
		one
			two
		EOT
  inside = [
    <<ONE
first
ONE
    ,
    <<-TWO
      second
    TWO
  ]
  call  = upper(<<TXT
shout
TXT
  )
  lines = split("\n", trimspace(local.listed))
}

source "null" "docs" {
  communicator = "none"
}

build {
  sources = ["null.docs"]
  provisioner "shell-local" {
    inline = [
      <<-SH
        cat <<'UNIT'
        ${indent(8, local.plain)}
        UNIT
      SH
    ]
  }
}
