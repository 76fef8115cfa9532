"""The board over a made-up warehouse, asked as everybody is asked who may see all units."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine

from assets.board.access import accounts
from assets.board.access.accounts import Wanted, make_account
from assets.board.access.exposure import Tls
from assets.board.access.viewer import EVERYBODY
from assets.board.reading import Kept, Reader, reading
from assets.board.site import Person, Surroundings, page
from tests.board.behind_tls import PASSWORD
from tests.sql.test_board_login import board
from tests.web_servers import write_certificate
from tests.worlds import World
from warehouse_sql.engine import open_engine
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


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    """A certificate that signs itself, for 127.0.0.1."""
    folder = tmp_path_factory.mktemp("tls")
    tls = Tls(folder / "board.crt", folder / "board.key")
    write_certificate(tls.key, tls.certificate)
    return tls


@pytest.fixture
def engine(small: World) -> Iterator[Engine]:
    """The login of the board in a warehouse with the account `lan`."""
    with small.engine.begin() as connection:
        make_account(connection, Wanted("lan", (), True, PASSWORD))
    engine = open_engine(board(small.engine))
    yield engine
    engine.dispose()
