data "sshkey" "install" {
  type = "ed25519"
  name = "packer"
}

source "qemu" "freebsd" {
  iso_url              = "https://download.example.org/FreeBSD-14.1-RELEASE-amd64-disc1.iso"
  iso_checksum         = "none"
  ssh_username         = "root"
  ssh_private_key_file = data.sshkey.install.private_key_path
  ssh_clear_authorized_keys = true
  boot_wait            = "10s"
  boot_steps = [
    ["s<enter>", "single user"],
    ["<wait10>/bin/sh<enter>", "a shell"],
    ["mdmfs -s 100m md /tmp<enter>", "a place to write"],
    ["fetch -o /tmp/installerconfig http://{{ .HTTPIP }}:{{ .HTTPPort }}/installerconfig<enter><wait5>", "the script"],
    ["bsdinstall script /tmp/installerconfig<enter>", "go"],
  ]
  http_content = {
    "/installerconfig" = templatefile("${path.root}/files/installerconfig.pkrtpl.hcl", {
      key = data.sshkey.install.public_key
    })
  }
  qemuargs = [
    [ "-m", "2G" ],
    [ "-device", "virtio-net,netdev=user.0" ],
    [ "-drive", "if=virtio,file=output/{{ .Name }},format=qcow2" ]
  ]
}

build {
  sources = ["source.qemu.freebsd"]
  provisioner "shell" {
    execute_command = "env {{ .Vars }} /bin/sh {{ .Path }}"
    inline          = ["pkg install -y sudo bash"]
  }
}
