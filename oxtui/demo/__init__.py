"""The demo rack: a simulated rack of one's own, which every oxtui of the same data folder shares."""

from oxtui.demo.rack import SOURCE, DemoError, DemoRack, demo_rack

__all__ = ["SOURCE", "DemoError", "DemoRack", "demo_rack"]
