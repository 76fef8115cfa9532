"""The report of a made-up world of two sources, three months and many sectors, and its pages in the browser of the session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from assets.reports.issue.write import PAGE, write_report
from assets.reports.reading.figures import Figures
from assets.reports.reading.figures import Request as Asked
from tests.conftest import _copied, _taken_in, own_database
from tests.worlds import World
from warehouse_sql.engine import open_engine

FROM, TO = date(2023, 2, 1), date(2023, 4, 20)
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
#: How high the page is at most on a desktop, with its folds closed.
MOST_PIXELS = 6000
#: So many pages of paper, all folds but the methods open.
MOST_SHEETS = 12


@dataclass(frozen=True)
class Report:
    """A world and its report."""

    world: World
    figures: Figures
    file: Path


@pytest.fixture(scope="session")
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Report]:
    """All units, three reporting months, the middle of a period on either side; nobody writes into it."""
    folder = tmp_path_factory.mktemp("report")
    template, _ = _taken_in(request.config, "18", "three_months")
    with own_database(request.config, "18", template) as url:
        engine = open_engine(url)
        world = _copied("three_months", request.config, "18", engine, folder)
        figures = write_report(engine, Asked(FROM, TO), folder / "ra")
        yield Report(world, figures, folder / "ra" / PAGE)
        engine.dispose()


class Watched:
    """A page and what it did besides showing itself."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.messages: list[str] = []
        page.on("request", self._asked)
        page.on("console", self._noted)
        page.on("pageerror", lambda error: self.messages.append(str(error)))

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)

    def _noted(self, message: ConsoleMessage) -> None:
        self.messages.append(message.text)

    def choose(self, unit: str = "", sector: str = "") -> None:
        """Through the boxes, as a reader would; by what they show."""
        self.page.select_option("#chon-don-vi", label=unit or None, index=None if unit else 0)
        self.page.select_option("#chon-linh-vuc", label=sector or None, index=None if sector else 0)

    def unfold(self) -> None:
        """Opens all folds."""
        self.page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")

    def rows(self, table: str) -> dict[str, list[str]]:
        """The visible rows of a table of units: name and cells."""
        result: dict[str, list[str]] = self.page.evaluate(
            """table => Object.fromEntries([...document.querySelectorAll(table + " tr[data-unit]")]
                .filter(row => !row.hidden)
                .map(row => [row.querySelector("th").textContent,
                    [...row.querySelectorAll("td.n")].map(cell => cell.textContent)]))""",
            table,
        )
        return result


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Any]:
    """Opens a file in a page of its own; nothing may be asked for but the file, nothing said on the console."""
    opened: list[tuple[Watched, str]] = []

    def open_it(
        file: Path, viewport: dict[str, int] = DESKTOP, fragment: str = "", **options: Any
    ) -> Watched:
        context = browser.new_context(viewport=viewport, **options)
        watched = Watched(context.new_page())
        opened.append((watched, file.as_uri() + fragment))
        watched.page.goto(file.as_uri() + fragment)
        return watched

    yield open_it
    for watched, address in opened:
        assert {url.partition("#")[0] for url in watched.requests} == {address.partition("#")[0]}
        assert watched.messages == []
        watched.page.context.close()
