"""What the rack knows: one SQLite database in its state folder."""
