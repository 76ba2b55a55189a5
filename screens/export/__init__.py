"""The Export screen: a session as a template, what differs in it, and where it is saved."""
