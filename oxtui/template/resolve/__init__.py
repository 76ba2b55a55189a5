"""From a template and given variables to values and builds: `resolve`."""

from oxtui.template.resolve.graph import Answer, DataResolver, DataSourceError
from oxtui.template.resolve.resolved import Resolved
from oxtui.template.resolve.resolver import resolve, resolve_values

__all__ = ["Answer", "DataResolver", "DataSourceError", "Resolved", "resolve", "resolve_values"]
