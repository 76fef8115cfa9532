"""That a file which was handed in can't be read."""

from __future__ import annotations


class UnreadableExportError(ValueError):
    """The file as a whole can't be read. The message is one Vietnamese sentence that says what to do."""


class UnforeseenError(UnreadableExportError):
    """A fault of a reader itself: the file is refused like any other, and the fault is to be mended."""


class InDoubtError(Exception):
    """A piece of a file does not show by itself how it is to be read: the whole file has to be looked at."""
