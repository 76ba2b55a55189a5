"""The simulated rack: the Oxide API over a real store, instances with real SSH."""
