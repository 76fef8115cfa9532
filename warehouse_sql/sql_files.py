"""Files of SQL: cut into their statements, and run with bound parameters.

Not here: what a file does. Paths are below `warehouse_sql/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from warehouse_sql.engine import driver_connection
from warehouse_sql.laid_out import laid_out

_ROOT = Path(__file__).parent

# What may hold a semicolon, a colon or a quote that means nothing: comments (they nest), texts, quoted names, dollar
# quotes. A $ or an e at the end of a name opens nothing.
_TOKEN = re.compile(
    r"""
    (?P<comment>--[^\n]*|/\*)
    |(?P<quoted>(?<![\w$])[eE]'(?:[^'\\]|''|\\.)*'|'(?:[^']|'')*'|"(?:[^"]|"")*"
        |(?<![\w$])\$(?P<tag>(?:[^\W\d]\w*)?)\$.*?\$(?P=tag)\$)
    |(?P<end>;)
    """,
    re.DOTALL | re.VERBOSE,
)

_COMMENT_EDGE = re.compile(r"/\*|\*/")


def _tokens(source: str) -> Iterator[tuple[str, int, int]]:
    """Yields (kind, start, end) of comments, quoted texts and statement ends."""
    place = 0
    while token := _TOKEN.search(source, place):
        kind = next(name for name in ("comment", "quoted", "end") if token[name] is not None)
        place = _comment_end(source, token.end()) if token.group() == "/*" else token.end()
        yield kind, token.start(), place


def _comment_end(source: str, place: int) -> int:
    depth = 1
    while depth:
        edge = _COMMENT_EDGE.search(source, place)
        if edge is None:
            return len(source)
        depth += 1 if edge.group() == "/*" else -1
        place = edge.end()
    return place


def statements_of(source: str) -> list[str]:
    """Returns the statements of a SQL text, cut at its top-level semicolons; comments between them are left out.

    A body `begin atomic … end` is not understood: write bodies in dollar quotes.
    """
    parts: list[str] = [""]
    place = 0
    for kind, start, end in _tokens(source):
        parts[-1] += source[place:start]
        if kind == "end":
            parts.append("")
        elif kind == "quoted" or parts[-1].strip():
            parts[-1] += source[start:end]
        place = end
    parts[-1] += source[place:]
    return [part.strip() for part in parts if part.strip()]


@cache
def statements_of_file(name: str) -> tuple[str, ...]:
    """Returns the statements of warehouse_sql/`name`."""
    return tuple(statements_of((_ROOT / name).read_text(encoding="utf-8")))


@cache
def prepared(statement: str) -> tuple[Any, frozenset[str]]:
    """Returns the statement for SQLAlchemy, with the names of its parameters."""
    clause = text(_colons_escaped(statement))
    return clause, frozenset(clause._bindparams)


def _colons_escaped(statement: str) -> str:
    """In quotes, comments and casts a colon is a colon, not the start of a parameter."""
    written, place = [], 0
    for _, start, end in _tokens(statement):
        written += [_casts_escaped(statement[place:start]), statement[start:end].replace(":", r"\:")]
        place = end
    return "".join([*written, _casts_escaped(statement[place:])])


def _casts_escaped(code: str) -> str:
    return code.replace("::", r"\:\:")


def written_out(statement: str, columns: Mapping[str, Sequence[str]]) -> str:
    """Returns the statement with all columns that a name stands for, `r.every_column` as `r.one, r.other`."""
    names = "|".join(map(re.escape, columns))
    pattern = re.compile(rf"(?<![\w.])((?:\w+\.)?)({names})(?!\w)")

    def listed(match: re.Match[str]) -> str:
        return ", ".join(match[1] + column for column in columns[match[2]])

    written, place = [], 0
    for _, start, end in _tokens(statement):
        written += [pattern.sub(listed, statement[place:start]), statement[start:end]]
        place = end
    return "".join([*written, pattern.sub(listed, statement[place:])])


def run_file(
    connection: Connection,
    name: str,
    columns: Mapping[str, Sequence[str]] | None = None,
    /,
    **parameters: Any,
) -> int:
    """Runs warehouse_sql/`name` statement by statement with its :parameters bound; rows of the last one.

    `columns`: what a name of a column stands for, if that is several. Raises TypeError when a parameter is missing, DBAPIError
    when a statement fails; the transaction is the caller's.
    """
    count = 0
    written = (written_out(each, columns) if columns else each for each in statements_of_file(name))
    for statement in (part for each in written for part in laid_out(connection, each)):
        clause, names = prepared(statement)
        if missing := names - parameters.keys():
            raise TypeError(f"warehouse_sql/{name} needs the parameters {', '.join(sorted(missing))}")
        result = connection.execute(clause, {key: parameters[key] for key in names})
        count = result.rowcount
    return count


def run_script(connection: Connection, statements: Iterable[str]) -> None:
    """Runs statements as they are, without parameters: a colon or a percent sign in them means itself."""
    for statement in statements:
        driver_connection(connection).execute(statement)
