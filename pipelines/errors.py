"""Errors as people read them: one sentence, no trace."""

from __future__ import annotations

import errno
import logging
import sqlite3
import sys
import traceback

import psycopg
from sqlalchemy.exc import DBAPIError

from warehouse_sql.errors import is_connection_lost
from warehouse_sql.masking import masked
from warehouse_sql.messages import Message, message, message_of
from warehouse_sql.messages.system import system_reason

_OURS = ("assets", "quality", "pipelines", "warehouse_sql")
#: How sentences on errors begin that nobody foresaw.
UNEXPECTED = message("Lỗi ngoài dự kiến")
_FULL = (errno.ENOSPC, errno.EDQUOT)
# Dagster's records: SQLite takes a full disk for a broken one where it maps a file into memory.
_NOT_WRITTEN = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)


def sentence(error: BaseException) -> str:
    """Returns the error as one line without secrets: ours as they are, others with their kind."""
    text = _sentence(error)
    if isinstance(text, Message):
        text = text.with_values(masked)
    # An address that only the whole text shows is masked at the price of the translation.
    return text if masked(text) == text else masked(text)


def print_trace(error: BaseException) -> None:
    """The whole traceback on standard error, without secrets."""
    print(masked("".join(traceback.format_exception(error))), end="", file=sys.stderr)


class _MaskingFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


def mask_logs() -> None:
    """What libraries log where nobody listens goes to standard error: from now on without secrets."""
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(_MaskingFormatter())


def _sentence(error: BaseException) -> str:
    # SQLAlchemy adds the statement and its parameters, which nobody wants to read.
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    text = _single_line(message_of(cause))
    if type(error).__module__.split(".")[0] in _OURS and text:
        return text
    if known := _known_trouble(cause, text):
        return known
    if isinstance(error, OSError) and error.strerror:
        return message(
            "Hệ điều hành báo lỗi: {reason}{place}; hãy kiểm tra đường dẫn và quyền ghi,"
            " hoặc đặt MOTCUA_HOME là một thư mục khác.",
            reason=system_reason(error),
            place=f" ({error.filename})" if error.filename else "",
        )
    return message(
        "{unexpected} ({kind}): {text}; đặt MOTCUA_DEBUG=1 để xem chi tiết.",
        unexpected=UNEXPECTED,
        kind=type(cause).__name__,
        text=text[:500],
    )


def _single_line(text: str) -> str:
    if isinstance(text, Message):
        return text.with_values(_single_line)
    return " ".join(text.split())


def _known_trouble(cause: BaseException, text: str) -> str | None:
    """Returns a message on what befalls every office once: a full disk, a lost server. Running again mends both."""
    if isinstance(cause, psycopg.errors.DiskFull):
        return message(
            "Máy chủ của kho hết chỗ trên đĩa ({reason}); hãy giải phóng chỗ rồi chạy lại.", reason=text
        )
    if isinstance(cause, psycopg.errors.FeatureNotSupported):
        return message(
            "Máy chủ của kho không làm được việc này ({reason}); nếu kho trải trên nhiều máy chủ, hãy khôi phục một bản sao lưu"
            " vào một máy chủ riêng và làm việc này ở đó.",
            reason=text[:300],
        )
    if is_connection_lost(cause):
        return message(
            "Mất kết nối với kho ({reason}); hãy kiểm tra máy chủ của kho rồi chạy lại, việc dở sẽ được làm tiếp.",
            reason=text,
        )
    if isinstance(cause, OSError) and cause.errno in _FULL:
        return message(
            "Hết chỗ trên đĩa ({place}); hãy giải phóng chỗ rồi chạy lại.", place=cause.filename or text
        )
    if isinstance(cause, sqlite3.Error) and getattr(cause, "sqlite_errorcode", 0) & 0xFF in _NOT_WRITTEN:
        return message(
            "Không ghi được lên đĩa ({reason}); hãy giải phóng chỗ hoặc kiểm tra đĩa rồi chạy lại.",
            reason=text,
        )
    return None
