# Starts an instance from an image and reads a file back, to prove what is in the image.
variable "image" {
  type        = string
  description = "Id of the image."
}

variable "path" {
  type        = string
  description = "File to read."
}

source "oxide-instance" "proof" {
  project            = "web"
  boot_disk_image_id = var.image
  ssh_username       = "ubuntu"
  skip_create_image  = true
}

build {
  sources = ["source.oxide-instance.proof"]

  provisioner "shell" {
    environment_vars = ["FILE=${var.path}"]
    remote_folder    = "."
    inline           = ["cat \"$${OXTUI_ROOT:-}$FILE\""]
  }
}
