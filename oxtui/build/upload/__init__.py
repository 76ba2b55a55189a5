"""An upload of an image as a session of its own, in the journal from before anything is made."""

from oxtui.build.upload.session import UploadSession

__all__ = ["UploadSession"]
