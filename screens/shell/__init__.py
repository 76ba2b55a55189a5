"""A shell in a build's instance: one live session, in a pane beside the log or on the whole terminal."""
