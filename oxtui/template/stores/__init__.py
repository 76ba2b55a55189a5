"""Secret stores that functions of templates ask: Vault, Consul, AWS Secrets Manager.

Whoever evaluates a template decides whether they are asked: `Stores` is given where they are.
"""

from oxtui.template.stores.errors import StoreError
from oxtui.template.stores.stores import Stores, apart, in_thread

__all__ = ["StoreError", "Stores", "apart", "in_thread"]
