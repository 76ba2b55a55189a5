"""JSON with the place of everything in it: what `.pkr.json`, variable files and legacy templates are written in."""

from oxtui.template.json.reader import parse_json

__all__ = ["parse_json"]
