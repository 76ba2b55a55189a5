"""Source code on the screen: coloured, read or edited."""
