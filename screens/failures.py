"""Errors as operators read them."""

from __future__ import annotations


def sentence(error: BaseException) -> str:
    """What an expected error says of itself; of an unexpected one, that it is ours.

    Every error of the engine is written for an operator. Others are told by their type alone,
    because their text may quote what it was given.
    """
    from oxtui.build.journal import JournalError
    from oxtui.component.errors import StepError
    from oxtui.demo import DemoError
    from oxtui.service import ServiceError

    if isinstance(error, ServiceError | DemoError | StepError | JournalError):
        return str(error)
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror or type(error).__name__}."
    return f"oxtui met an error of its own ({type(error).__name__}); please report it."
