"""Questions of tests, asked as the login of `motcua sql` on the tests' servers, which ask nobody for a password."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine

from warehouse_sql.analyst import ask


def query_login(engine: Engine, login: str = "motcua_query") -> str:
    """The address of the engine's database for another login."""
    url = engine.url.set(drivername="postgresql", username=login, password=None)
    return url.render_as_string(hide_password=False)


def ask_as_analyst(engine: Engine, query: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Names and rows of a question to the engine's database."""
    return ask(query_login(engine), query)
