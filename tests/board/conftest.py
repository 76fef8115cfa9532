"""The board over a made-up warehouse, asked as everybody is asked who may see all units."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from argon2 import PasswordHasher

from assets.board.access import accounts
from assets.board.access.viewer import EVERYBODY
from assets.board.reading import Kept, Reader, reading
from assets.board.site import Person, Surroundings, page
from tests.worlds import World
from warehouse_sql.messages import speak

Ask = Callable[..., str]


@pytest.fixture(autouse=True)
def _vietnamese() -> Iterator[None]:
    """A page speaks the language of its address; tests behind it are Vietnamese again."""
    yield
    speak("vi")


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id in a hundredth of its time; what a hash really costs, tests of the command that makes accounts look at."""
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1))


@pytest.fixture
def reader(july: World) -> Iterator[Reader]:
    """One state of the warehouse of July 2023."""
    with reading(july.engine, EVERYBODY, Kept()) as opened:
        yield opened


@pytest.fixture
def ask(reader: Reader) -> Ask:
    """Asks for the page of an address."""

    def asked(path: str, **query: object) -> str:
        written = {name: str(value) for name, value in query.items()}
        return page(reader, path, written, Person(may_acknowledge=True), Surroundings()).html

    return asked
