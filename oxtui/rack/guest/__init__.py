"""The process behind one instance of the simulated rack: `python -m oxtui.rack.guest`.

The rack starts one fork server of this package. For every instance the server forks a supervisor,
which enters the instance's isolation and forks the instance's first process: it boots, prints to
the serial console and serves SSH, all from within the instance's own root. Everything that runs
inside is imported before the root changes, because the interpreter is not to be found afterwards.
"""
