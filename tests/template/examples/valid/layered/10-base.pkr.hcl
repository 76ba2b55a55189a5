source "docker" "base" {
  image  = "debian:12-slim"
  commit = true
  changes = [
    "ENV LANG=C.UTF-8",
    "ENTRYPOINT [\"/usr/bin/tini\", \"--\"]",
    "EXPOSE 80 443",
  ]
}
