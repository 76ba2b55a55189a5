source "null" "r" {
  communicator = "none"
}

build {
  hcp_packer_registry {
    bucket_name   = "base"
    description   = <<EOT
Some words about the bucket.
    EOT
    bucket_labels = { team = "images" }
    build_labels = {
      "build-time" = timestamp()
      "commit"     = substr(sha1("x"), 0, 8)
    }
  }
  sources = ["source.null.r"]
}
