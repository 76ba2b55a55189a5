"""Legacy JSON templates as templates in HCL that mean the same: `upgrade`."""

from oxtui.template.legacy.upgrade.document import Upgraded, upgrade

__all__ = ["Upgraded", "upgrade"]
