source "lxd" "base" {
  image        = "images:debian/12"
  output_image = "base"
  publish_properties = { description = "base, ${formatdate("MMMM D, YYYY", timestamp())}" }
}

build {
  name    = "configured"
  sources = ["lxd.base"]

  provisioner "salt-masterless" {
    local_state_tree   = "/srv/salt"
    local_pillar_roots = "/srv/pillar"
    salt_call_args     = "saltenv=base"
  }

  provisioner "chef-solo" {
    cookbook_paths = ["cookbooks", "../vendor/cookbooks"]
    run_list       = ["recipe[base]", "role[web]"]
    json = {
      app = { port = 8080, hosts = ["a", "b"] }
    }
    only = ["lxd.base"]
  }

  provisioner "inspec" {
    profile         = "https://github.com/example/baseline"
    extra_arguments = ["--no-distinct-exit"]
    override = {
      base = { extra_arguments = ["--no-create-lockfile"] }
    }
  }
}
