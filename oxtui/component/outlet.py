"""What a program on this machine prints, read as it comes; and how such a program ended."""

from __future__ import annotations

import asyncio
import os
import signal

from oxtui.component.protocols import ExitStatus, Output, Stream

CHUNK = 32 * 1024


def exit_status(code: int) -> ExitStatus:
    """From what Python tells of a process: below zero it is the number of a signal."""
    if code < 0:
        return ExitStatus(None, signal=signal.Signals(-code).name.removeprefix("SIG"))
    return ExitStatus(code)


class Outlet:
    """A pipe for one stream of a program; `ended` is done when nobody writes to it any more.

    Pipes that asyncio makes would delay the news of the program's end until they are closed.
    """

    def __init__(self, stream: Stream, output: Output) -> None:
        self._stream = stream
        self._output = output
        self._loop = asyncio.get_running_loop()
        self._reading, self.writing = os.pipe()
        self._handed_over = False
        self.ended: asyncio.Future[None] = self._loop.create_future()
        os.set_blocking(self._reading, False)
        self._loop.add_reader(self._reading, self._readable)

    def handed_over(self) -> None:
        """The program has the end to write to."""
        self._handed_over = True
        os.close(self.writing)

    def close(self) -> None:
        """Nothing more is read."""
        if not self._handed_over:
            self.handed_over()
        self._loop.remove_reader(self._reading)
        os.close(self._reading)
        self.ended.cancel()

    def _readable(self) -> None:
        try:
            data = os.read(self._reading, CHUNK)
            if data:
                self._output(self._stream, data)
                return
        except BlockingIOError:
            return
        except Exception as error:  # of whoever takes the output: it is for who waits for the end
            self._finish(error)
            return
        self._finish(None)

    def _finish(self, error: Exception | None) -> None:
        self._loop.remove_reader(self._reading)
        if self.ended.done():
            return
        if error is None:
            self.ended.set_result(None)
        else:
            self.ended.set_exception(error)
