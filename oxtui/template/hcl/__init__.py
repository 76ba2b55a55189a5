"""HCL, the language that templates are written in: text to tree, tree to values, edits of the text.

The way of a text: `scanner` makes tokens, `parse` a tree with places (`tree`), `evaluate` values
(`values`) with the functions of `functions`. `format` lays tokens out as `packer fmt` does, `edit`
changes a text in place, `write` makes new text of values.

One scanner serves parser, formatter and editor. It knows every rule of HCL's native syntax (strings in
strings, heredocs, where a line break counts), so the parser on top can be a plain recursive descent: it
says where and why as HCL does, goes on after an error, and needs no table to be built at the start.
"""
