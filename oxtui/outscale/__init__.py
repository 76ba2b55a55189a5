"""Client of the Outscale API (OAPI)."""

import sys

# httpx brings a command line of its own and imports Rich for it, wherever click is there: a tenth of
# the start of each command. A module that is None cannot be imported, and httpx goes on without it.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
