"""The log view: draws a spool of any length, with follow, search, filter, wrap and timestamps."""
