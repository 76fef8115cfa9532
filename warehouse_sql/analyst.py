"""Read-only questions to the warehouse, asked as a login that can do nothing else.

The login is what holds: it owns nothing, writes nowhere and belongs to no group that does. What is checked here of the
question only makes for clearer sentences. Not here: which login that is (`query_login.py`), or its rights (`roles.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.types.datetime import DateLoader, TimestampLoader, TimestamptzLoader

from warehouse_sql.engine import session_options
from warehouse_sql.errors import WarehouseError
from warehouse_sql.messages import message
from warehouse_sql.sql_files import statements_of, statements_of_file

_MAY_START = ("select", "with", "values", "table", "explain", "show")
_LONGEST_TIMEOUT_SECONDS = 24 * 3600


def ask(url: str, query: str, timeout_seconds: float = 60) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Returns names and rows of one read-only statement, asked by the login of the address.

    Times are Vietnam's; an infinite one is the word. Raises WarehouseError when the text is not one question, when the login
    could do more than read, or when the answer takes longer than the timeout. psycopg.OperationalError when it can't log
    in; psycopg.Error when the server refuses the question.
    """
    statement = single_question(query)
    with reading(url, timeout_seconds) as connection, connection.cursor() as cursor:
        return _answer(cursor, statement)


@contextmanager
def reading(url: str, timeout_seconds: float) -> Iterator[psycopg.Connection[Any]]:
    """A connection that only reads and ends with its time; whatever was done with it, nothing stays."""
    if not 0 < timeout_seconds <= _LONGEST_TIMEOUT_SECONDS:
        raise WarehouseError(
            message(
                "--timeout phải lớn hơn 0 và không quá {longest:number} giây.",
                longest=_LONGEST_TIMEOUT_SECONDS,
            )
        )
    options = session_options(
        default_transaction_read_only="on",
        statement_timeout=str(max(1, round(timeout_seconds * 1000))),
        idle_in_transaction_session_timeout="60000",
    )
    with psycopg.connect(
        url, options=options, application_name="motcua sql", connect_timeout=10, client_encoding="utf8"
    ) as connection:
        connection.read_only = True
        try:
            with connection.cursor() as cursor:
                _refuse_might(cursor)
            yield connection
        except psycopg.errors.QueryCanceled as error:
            raise WarehouseError(
                message(
                    "Câu hỏi chạy quá {seconds} giây nên đã dừng; hãy thu hẹp câu hỏi hoặc đặt --timeout.",
                    seconds=f"{timeout_seconds:g}",
                )
            ) from error
        finally:
            connection.rollback()


def single_question(query: str) -> str:
    """Returns the one statement of a text, without comments around it.

    Raises WarehouseError when it is not one question.
    """
    statements = statements_of(query)
    if len(statements) != 1:
        raise WarehouseError(
            message(
                "motcua sql chỉ nhận một câu lệnh mỗi lần (không nhận multiple commands); hãy hỏi từng câu một."
            )
        )
    if first_word(statements[0]) not in _MAY_START:
        raise WarehouseError(
            message(
                "motcua sql chỉ dùng để hỏi (read-only); câu lệnh phải bắt đầu bằng {words}.",
                words=", ".join(_MAY_START),
            )
        )
    return statements[0]


def first_word(statement: str) -> str:
    """Returns the word in lower case with which a statement begins, after comments and brackets."""
    first = re.match(r"[\s(]*(\w+)", re.sub(r"--[^\n]*|/\*.*?\*/", " ", statement, flags=re.DOTALL))
    return first[1].lower() if first else ""


def _refuse_might(cursor: psycopg.Cursor[Any]) -> None:
    """A login that could write or read files is refused: then nothing but good will would hold the question."""
    cursor.execute(statements_of_file("roles/too_mighty.sql")[0].encode())
    mighty = cursor.fetchone()
    if mighty is not None:
        raise WarehouseError(
            message(
                "Người dùng {login} có quyền hơn mức đọc ({right}), motcua sql không dùng; hãy đặt MOTCUA_ANALYST_URL là"
                " một người dùng chỉ thuộc nhóm phân tích, hoặc chạy motcua warehouse migrate.",
                login=mighty[0],
                right=mighty[1],
            )
        )


def _answer(cursor: psycopg.Cursor[Any], statement: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    for kind, loader in _ENDLESS.items():
        cursor.adapters.register_loader(kind, loader)
    # Prepared: the server then refuses more than one statement.
    cursor.execute(statement.encode(), prepare=True)
    if cursor.description is None:
        raise WarehouseError(message("Câu lệnh không trả về dòng nào; motcua sql chỉ dùng để hỏi (select)."))
    return [column.name for column in cursor.description], list(cursor.fetchall())


def _endless(loader: Any) -> Any:
    """Returns the loader of a time, with infinity as the word."""

    class OrInfinity(loader):  # type: ignore[misc]
        def load(self, data: Any) -> Any:
            written = bytes(data)
            return written.decode() if written in (b"infinity", b"-infinity") else super().load(data)

    return OrInfinity


_ENDLESS = {
    "date": _endless(DateLoader),
    "timestamp": _endless(TimestampLoader),
    "timestamptz": _endless(TimestamptzLoader),
}
