# later files win
owner = "platform"
settings = {
  size  = "small"
  zones = "2"
}
