"""Commands that an operator types in a guest's shell, recorded by hooks in that shell and never from keystrokes.

The hooks report over the terminal itself, in sequences that are taken out before anything is drawn. A file or
a FIFO in the guest with a second session to read it would need clean-up in what becomes an image, could be
written by any program of the user, and would not survive a server that allows one session; a sequence leaves
nothing behind, comes in the order of the output, and only the shell that holds the nonce can make one.
"""
