"""The compress post-processor."""

from oxtui.postprocessors.compress.post_processor import CompressPostProcessor

__all__ = ["CompressPostProcessor"]
