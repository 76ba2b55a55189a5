"""The syntax tree of HCL: bodies and expressions, each with its place in the text.

Comments and layout are not in the tree: the text keeps them, and edits change the text.
"""
