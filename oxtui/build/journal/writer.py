"""The one thread that writes the journal: it gathers what waits into one commit."""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oxtui.build.journal.errors import JournalError, journal_error
from oxtui.build.journal.schema import connect

Work = Callable[[sqlite3.Connection], Any]

LARGEST_BATCH = 1000


@dataclass(frozen=True, slots=True)
class _Job:
    work: Work
    answer: Future[Any] | None
    """None: nobody waits; the job is kept until it can be written."""
    durable: bool


class Writer:
    """Runs work on the journal in order, each batch in one transaction.

    A batch that holds a durable job is on the disk before anyone hears of it; any other batch
    outlives this process but perhaps not a loss of power (`PRAGMA synchronous`).
    """

    def __init__(self, path: Path, busy_seconds: float) -> None:
        self._path = path
        self._busy_seconds = busy_seconds
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._unwritten: list[_Job] = []
        self._opened: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="journal writer", daemon=True)

    def start(self) -> Future[None]:
        """Begin; the answer is there when the journal is open, or cannot be opened."""
        self._opened.set_running_or_notify_cancel()  # whoever waits may give up, the thread goes on
        self._thread.start()
        return self._opened

    def submit(self, work: Work, *, durable: bool = False) -> Future[Any]:
        """Work whose result, or JournalError, somebody waits for."""
        answer: Future[Any] = Future()
        self._queue.put(_Job(work, answer, durable))
        return answer

    def post(self, work: Work) -> None:
        """Work that nobody waits for; if it cannot be written, it is tried again with the next."""
        self._queue.put(_Job(work, None, durable=False))

    def stop(self) -> None:
        """Write what waits, then end; blocks until that is done."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        try:
            connection = connect(self._path, self._busy_seconds)
        except BaseException as error:
            self._opened.set_exception(self._explain(error, "open"))
            return
        self._opened.set_result(None)
        try:
            while self._write(connection, self._batch()):
                pass
        finally:
            connection.close()

    def _batch(self) -> list[_Job | None]:
        batch = [self._queue.get()]
        while batch[-1] is not None and len(batch) < LARGEST_BATCH:
            try:
                batch.append(self._queue.get_nowait())
            except queue.Empty:
                break
        return batch

    def _write(self, connection: sqlite3.Connection, batch: list[_Job | None]) -> bool:
        """Write a batch; False when it ended with the wish to stop."""
        jobs = [job for job in batch if job is not None]
        jobs = self._unwritten + [
            job for job in jobs if job.answer is None or job.answer.set_running_or_notify_cancel()
        ]
        try:
            outcomes = self._commit(connection, jobs) if jobs else []
        except sqlite3.Error as error:
            failure = self._explain(error, "write")
            for job in jobs:
                if job.answer is not None:
                    job.answer.set_exception(failure)
            self._unwritten = [job for job in jobs if job.answer is None]
        else:
            self._unwritten = []
            for answer, result in outcomes:
                if isinstance(result, Exception):
                    answer.set_exception(result)
                else:
                    answer.set_result(result)
        return batch[-1] is not None

    def _commit(
        self, connection: sqlite3.Connection, jobs: list[_Job]
    ) -> list[tuple[Future[Any], Any]]:
        outcomes: list[tuple[Future[Any], Any]] = []
        durable = any(job.durable for job in jobs)
        connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
        connection.execute("BEGIN IMMEDIATE")
        try:
            for job in jobs:
                result = _outcome(job.work, connection)
                if job.answer is not None:
                    outcomes.append((job.answer, result))
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return outcomes

    def _explain(self, error: BaseException, doing: str) -> BaseException:
        if isinstance(error, sqlite3.Error):
            return journal_error(self._path, doing, error, self._busy_seconds)
        if isinstance(error, OSError):
            return JournalError(
                f"Cannot {doing} the journal {self._path}: {error}. "
                "Choose another folder with OXTUI_SESSIONS_DIR."
            )
        return error


def _outcome(work: Work, connection: sqlite3.Connection) -> Any:
    """Result of a job, or what it raised; trouble of the database itself ends the whole batch."""
    try:
        return work(connection)
    except sqlite3.Error:
        raise
    except Exception as error:
        return error
