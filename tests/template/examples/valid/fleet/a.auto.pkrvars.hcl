environment = "staging"
roles       = ["db", "web"]
owner       = "first"
