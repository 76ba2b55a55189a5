variable "library" {
  type    = string
  default = ""
}
variable "export" {
  type    = bool
  default = true
}

source "vsphere-iso" "linux" {
  vcenter_server = "vc.example.org"
  username       = "u"
  password       = "p"
  host           = "esx1.example.org"
  guest_os_type  = "debian12_64Guest"
  ssh_username   = "packer"
  ssh_password   = "packer"

  dynamic "content_library_destination" {
    for_each = var.library != "" ? [1] : []
    content {
      library = var.library
      ovf     = true
      destroy = true
      skip_import = false
    }
  }

  dynamic "export" {
    for_each = var.export ? [1] : []
    content {
      name  = "debian"
      force = true
      options = [
        "extraconfig"
      ]
      output_directory = "${path.cwd}/artifacts"
    }
  }
}

build {
  sources = ["source.vsphere-iso.linux"]
  dynamic "post-processor" {
    for_each = var.export ? { json = "manifest.json" } : {}
    labels   = ["manifest"]
    content {
      output     = post-processor.value
      strip_path = true
    }
  }
}
