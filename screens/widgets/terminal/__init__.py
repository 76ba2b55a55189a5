"""A terminal inside the app: an emulator behind an interface of our own, and the widget that shows it."""
