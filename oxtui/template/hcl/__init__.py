"""HCL, the language that templates are written in: text to tree, tree to values, edits of the text."""
