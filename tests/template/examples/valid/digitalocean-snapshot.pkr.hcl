variable "token" {
  type      = string
  default   = env("DIGITALOCEAN_TOKEN")
  sensitive = true
}
variable "size" {
  type    = string
  default = "s-1vcpu-1gb"
  validation {
    condition     = contains(["s-1vcpu-1gb", "s-2vcpu-2gb", "s-4vcpu-8gb"], var.size)
    error_message = "Choose a size that the project has a quota for."
  }
  validation {
    condition     = substr(var.size, 0, 2) == "s-"
    error_message = "Only the sizes with shared processors are allowed."
  }
}

source "digitalocean" "app" {
  api_token     = var.token
  image         = "debian-12-x64"
  region        = "fra1"
  size          = var.size
  ssh_username  = "root"
  snapshot_name = "app-${formatdate("YYYY-MM-DD'T'hh-mm", timestamp())}"
  snapshot_regions = ["fra1", "ams3"]
  tags          = ["packer", "app"]
  user_data     = <<-CLOUD
    #cloud-config
    package_update: true
    write_files:
      - path: /etc/motd
        content: |
          Built as ${var.size}.
    CLOUD
}

build {
  sources = ["source.digitalocean.app"]
  provisioner "shell" {
    inline = ["cloud-init status --wait", "sleep 5"]
  }
  provisioner "file" {
    content     = jsonencode({ size = var.size, ports = [80, 443] })
    destination = "/etc/app.json"
  }
}
