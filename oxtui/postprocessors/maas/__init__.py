"""The oxtui-maas post-processor: the root file system of a guest, or a file, becomes an image of MAAS."""
