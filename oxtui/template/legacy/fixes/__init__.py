"""Old legacy templates brought up to date: the fixes of `packer fix` (facts: packer.md 6), as a table."""

from oxtui.template.legacy.fixes.fixed import Fixed, fix_template
from oxtui.template.legacy.fixes.table import FIXES

__all__ = ["FIXES", "Fixed", "fix_template"]
