variable "target" {
  type    = string
  default = "artifact.txt"
}

source "file" "one" {
  content = "Lorem ipsum dolor sit amet"
  target  = var.target
}

source "file" "two" {
  content = <<-TEXT
    #!/bin/sh
    echo "$1" | tr a-z A-Z
  TEXT
  target  = "two-${var.target}"
}

build {
  name    = "files"
  sources = ["source.file.one", "source.file.two"]

  post-processors {
    post-processor "checksum" {
      checksum_types      = ["md5", "sha256"]
      output              = "{{.BuildName}}_{{.ChecksumType}}.checksum"
      keep_input_artifact = true
    }
    post-processor "compress" {
      output            = "{{.BuildName}}.tar.gz"
      compression_level = 9
    }
  }
  post-processor "manifest" {
    output = "manifest.json"
    custom_data = {
      target = var.target
      commit = substr(sha1("x"), 0, 7)
    }
  }
}
