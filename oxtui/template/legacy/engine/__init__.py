"""The language inside `{{ }}`: that of Go's text/template, which Packer's templates use (packer.md 1.8 and 2).

Not in it: complex numbers, functions as values (`call` always fails), the pointers of `%p`, the bits of a
fraction (`%b`, `%x`), and text that is not UTF-8, such as `slice` makes when it cuts a character in two.
"""
