"""The http data source."""

from oxtui.datasources.http.source import HttpDataSource

__all__ = ["HttpDataSource"]
