variable registry {
  default = "registry.example.org/team"
}

build {
  sources = ["source.docker.base"]

  provisioner "shell" {
    inline = ["apt-get update && apt-get install -y --no-install-recommends tini"]
  }

  post-processors {
    post-processor "docker-tag" {
      repository = "${var.registry}/base"
      tags       = ["latest", formatdate("YYYYMMDD", timestamp())]
    }
    post-processor "docker-push" {}
  }

  post-processor "docker-save" {
    path                = "base.tar"
    keep_input_artifact = false
  }
}
