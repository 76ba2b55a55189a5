"""The description of the Outscale API (OAPI), and checks against it."""
