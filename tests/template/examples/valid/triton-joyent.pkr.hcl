# Layouts that are seldom seen: calls and conditions over many lines.
locals {
  chosen = lookup(
    {
      eu = "eu-ams-1"
      us = "us-west-1"
    },
    "eu",
    "us-east-1"
  )
  total = (
    1 +
    2 +
    3
  )
  allowed = alltrue([
    local.total == 6,
    local.chosen != "",
    length(
      local.chosen
    ) > 3
  ])
  deep = [
    [
      [1, 2],
      [3]
    ],
    [[
      4
    ]]
  ]
  object = { a = 1
    b = { c = [
      "d"
    ] }
  }
  text = "${join("-", [
    "x",
    "y"
  ])}.z"
  ternary = local.allowed ? {
    yes = true
  } : {
    yes = false
  }
}

source "triton" "base" {
  triton_url     = "https://${local.chosen}.api.example.org"
  source_machine_name    = "image-builder"
  source_machine_package = "g1-small"
  image_name     = local.text
  image_version  = "1.${local.total}.0"
  ssh_username   = "root"
}

build {
  sources = [
    "source.triton.base",
    # "source.triton.other",
  ]
}
