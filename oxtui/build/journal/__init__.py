"""The journal: what happened in each session, and what may exist outside because of it."""

from oxtui.build.journal.errors import JournalError, SecretInName
from oxtui.build.journal.journal import Journal, TextRedactor
from oxtui.build.journal.reader import JournalReader
from oxtui.build.journal.rows import SessionRecord, StoredEvent

__all__ = [
    "Journal",
    "JournalError",
    "JournalReader",
    "SecretInName",
    "SessionRecord",
    "StoredEvent",
    "TextRedactor",
]
