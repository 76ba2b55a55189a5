"""The life of instances: states, serial consoles, and the tasks that watch over machines."""
