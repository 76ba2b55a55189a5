"""A session written as a template.

The session's own text is edited by address, so comments, order and layout of what was not touched
survive to the byte. What comes out is read back and planned again before anybody gets it.
"""
