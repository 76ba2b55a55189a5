"""The oxtui-maas post-processor: the root file system of a guest, or a file, becomes an image of MAAS."""

from oxtui.postprocessors.maas.post_processor import MaasPostProcessor

__all__ = ["MaasPostProcessor"]
