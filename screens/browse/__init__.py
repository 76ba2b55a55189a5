"""Browse: everything on the rack, as tables that keep themselves up to date."""
