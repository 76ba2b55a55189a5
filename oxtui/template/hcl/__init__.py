"""HCL2: grammar, tree, values, evaluation, edits."""
