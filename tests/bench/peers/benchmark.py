"""The parts of the benchmark and the order in which they run."""

from __future__ import annotations

import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median

import psutil
import psycopg

from pipelines.cli.demo import write_demo
from tests.bench.peers import history, nightly
from tests.bench.peers.answers import Form, differences
from tests.bench.peers.book import Book
from tests.bench.peers.environment import peers_python, versions
from tests.bench.peers.formats import write_national
from tests.bench.peers.older import code_of, commit_of
from tests.bench.peers.ours import CODE, Motcua, motcua_at
from tests.bench.peers.page import PICTURE, page
from tests.bench.peers.peers import peers_at, remove_far_data
from tests.bench.peers.picture import picture
from tests.bench.peers.questions import ask_a_history, ask_the_demo
from tests.bench.peers.world import FIRST_EXPORT, first_world, names

_CHANGES = 5_000
_DEMO_TURNS = 3
_DEMO_PERIOD = ("2022-12-15", "2023-08-30")
_DEMO = {
    "definition_switch": "definition_switch('2022-12-15', '2023-08-30')",
    "unit_ranking": "unit_ranking('2.1', '2022-12-15', '2023-08-30')",
    "indicator_qd766": "indicator_qd766('2022-12-15', '2023-08-30')",
    "form_diff": "form_diff('2022-12-15', '2023-08-30', '2023-06-01', 'infinity')",
}


@dataclass(frozen=True)
class Sizes:
    """Dossiers of the largest history, lists of 370 rows, dossiers of the year of nightly lists."""

    dossiers: int
    lists: int
    year: int

    @property
    def changes(self) -> int:
        """A day's changes: 5,000, less where so many would be more than a sixth of the smaller history."""
        return min(_CHANGES, self.dossiers // 60)


@dataclass(frozen=True)
class Place:
    """Where a part works: a folder that is removed afterwards, the peers' Python, the older code if there is one.

    `loaded`: a home whose warehouse holds the largest history already, for the questions.
    """

    folder: Path
    python: Path
    before: Path | None
    loaded: Path | None = None

    def code(self, side: str) -> Path:
        """The code of a side: "before" or "ours"."""
        return self.before if side == "before" and self.before else CODE


def _load(place: Place, sizes: Sizes, book: Book) -> None:
    """The whole life of the largest history."""
    book.figures.pop("memory", None)
    with _pair(place, book, sizes.dossiers) as pair, motcua_at(place.folder / "tenth") as tenth:
        history.load(pair)
        smaller = history.start_alone(tenth, sizes.dossiers // 10, names())
        history.days(pair, sizes.changes, smaller)
        history.again(pair)
        history.full(pair, sizes.changes)
        history.forms(pair)


def _smaller(place: Place, sizes: Sizes, book: Book) -> None:
    """Days and nothing new on a fiftieth of the dossiers."""
    dossiers = sizes.dossiers // 50
    with _pair(place, book, dossiers, " small") as pair:
        history.load(pair)
        history.days(pair, min(sizes.changes, dossiers // 4))
        history.again(pair)


@contextmanager
def _pair(place: Place, book: Book, dossiers: int, suffix: str = "") -> Iterator[history.Pair]:
    """Yields both sides with empty servers and a first list of that many dossiers; nothing of it is kept."""
    folder = place.folder / f"history-{dossiers}"
    with motcua_at(folder / "motcua") as ours, peers_at(folder / "peers", place.python) as peers:
        yield history.start(ours, peers, book, dossiers, names(), suffix)
    shutil.rmtree(folder)


def _lists(place: Place, sizes: Sizes, book: Book) -> None:
    """Many complete lists in one run: by this code before and after the older one, which takes ten times as long."""
    written = place.folder / "lists"
    nightly.write_rolling(written, sizes.lists, names())
    forms: dict[str, Form] = {}
    times: dict[str, list[float]] = {}
    for side in ("ours", "before", "ours", "ours") if place.before else ("ours",):
        with motcua_at(place.folder / "lists-home", place.code(side)) as motcua:
            shutil.copytree(written, motcua.landing, dirs_exist_ok=True)
            done = motcua.run()
            _put_median(book, "lists", side, times, done.seconds)
            book.most("memory", side, done.python_mb)
            forms[side] = motcua.form(*nightly.PERIOD)
        shutil.rmtree(place.folder / "lists-home")
    _compare_codes(book, f"{sizes.lists:,} complete lists", forms)


def _year(place: Place, sizes: Sizes, book: Book) -> None:
    """A year of nightly full lists: what a dossier of eight statements takes on disk."""
    with motcua_at(place.folder / "year") as motcua:
        nightly.write_year(motcua.landing, sizes.year, names())
        empty = motcua.tidy()
        done = motcua.run()
        book.put("disk year", ours=(motcua.tidy() - empty) / sizes.year)
        book.put("year", ours=done.seconds)


def _formats(place: Place, sizes: Sizes, book: Book) -> None:
    """One national JSON file: its memory. (A worksheet holds 1,048,576 rows at most, so lists beyond are CSV.)"""
    with motcua_at(place.folder / "formats") as motcua:
        write_national(motcua.landing, first_world(sizes.dossiers // 4, names()), FIRST_EXPORT, names())
        done = motcua.run()
    book.put("memory json", ours=done.python_mb)
    book.put("load json", ours=done.seconds)


def _demo(place: Place, _: Sizes, book: Book) -> None:
    """The demo, by the older code and by this one on the same files, by turns; then what takes long to answer on it."""
    written = place.folder / "demo-files"
    write_demo(written)
    forms: dict[str, Form] = {}
    times: dict[str, list[float]] = {}
    sides = ("before", "ours") if place.before else ("ours",)
    for turn in range(_DEMO_TURNS):
        for side in sides:
            motcua = Motcua(place.folder / "demo-home", place.code(side))
            shutil.copytree(written, motcua.landing)
            _put_median(book, "demo", side, times, motcua.command("demo").seconds)
            if turn == _DEMO_TURNS - 1:
                forms[side] = _ask_the_demo(motcua, side, book)
            motcua.command("warehouse", "stop")
            remove_far_data(motcua.home / "pg")
            shutil.rmtree(motcua.home)
    _compare_codes(book, "the demo", forms)


def _ask_the_demo(motcua: Motcua, side: str, book: Book) -> Form:
    """Measures what takes long to answer on the demo; its form."""
    motcua.command("warehouse", "url")  # the server runs on
    try:
        for work, function in _DEMO.items():
            book.put(work, **{side: motcua.seconds(f"select * from mart.{function}")})
        if side == "ours":
            ask_the_demo(motcua, book)
        return motcua.form(*_DEMO_PERIOD)
    finally:
        motcua.command("warehouse", "stop")


def _put_median(book: Book, work: str, side: str, times: dict[str, list[float]], seconds: float) -> None:
    """Keeps the median of a side's times so far."""
    times.setdefault(side, []).append(seconds)
    book.put(work, **{side: median(times[side])})


def _questions(place: Place, sizes: Sizes, book: Book) -> None:
    """The questions of analysts on the largest history: one list of it and a day of changes."""
    if place.loaded:
        motcua = Motcua(place.loaded)
        motcua.command("warehouse", "url")
        try:
            ask_a_history(motcua, book)
        finally:
            motcua.command("warehouse", "stop")
        return
    with motcua_at(place.folder / "questions") as motcua:
        history.start_alone(motcua, sizes.dossiers, names()).day(history.DAYS[0], sizes.changes)
        motcua.tidy()
        ask_a_history(motcua, book)


def _compare_codes(book: Book, what: str, forms: Mapping[str, Form]) -> None:
    """Notes where the older code counts otherwise: a correction of meaning, which the changelog explains."""
    differing = differences(forms["ours"], forms.get("before", forms["ours"]))
    if differing:
        measures = ", ".join(sorted({f"`{each.measure}`" for each in differing}))
        book.note(f"{what}, form II.06: {len(differing)} figures ({measures}) differ from the older commit's")


PARTS: dict[str, Callable[[Place, Sizes, Book], None]] = {
    "load": _load,
    "smaller": _smaller,
    "lists": _lists,
    "year": _year,
    "formats": _formats,
    "demo": _demo,
    "questions": _questions,
}


def benchmark(
    work: Path, docs: Path, sizes: Sizes, parts: Sequence[str], before: str, loaded: Path | None = None
) -> None:
    """Measures the parts and writes the page. PackagesMissingError where the peers can't be installed."""
    book = Book(work / f"results-{sizes.dossiers}.json")
    with _place(work, before, loaded) as place:
        book.about(_about(place, sizes))
        for part in parts:
            PARTS[part](place, sizes, book)
    docs.mkdir(parents=True, exist_ok=True)
    (docs / "benchmarks.md").write_text(page(book.content), encoding="utf-8")
    (docs / PICTURE).write_text(picture(book.content), encoding="utf-8")


@contextmanager
def _place(work: Path, before: str, loaded: Path | None) -> Iterator[Place]:
    """Yields a folder of this run below the work folder; what is in `cache` is there the next time, too."""
    (work / "cache").mkdir(parents=True, exist_ok=True)
    python = peers_python(work / "cache")
    with tempfile.TemporaryDirectory(prefix="run-", dir=work, ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # the user who runs the servers for root passes through
        place = partial(Place, Path(folder), python, loaded=loaded)
        if not before:
            yield place(None)
            return
        with code_of(before, Path(folder) / "before") as code:
            yield place(code)


def _about(place: Place, sizes: Sizes) -> dict[str, object]:
    """What the figures rest on."""
    return {
        "dossiers": sizes.dossiers,
        "changes": sizes.changes,
        "lists": sizes.lists,
        "measured_on": f"{date.today():%d/%m/%Y}",
        "commit": commit_of(CODE),
        "before": commit_of(place.before) if place.before else "",
        "versions": {"PostgreSQL": _server_version(place), "Python": platform.python_version()}
        | versions(place.python),
        "processor": _processor(),
        "cores": len(psutil.Process().cpu_affinity())
        if hasattr(psutil.Process, "cpu_affinity")
        else psutil.cpu_count(),
        "memory_gb": psutil.virtual_memory().total / 1e9,
    }


def _server_version(place: Place) -> str:
    with (
        peers_at(place.folder / "version", place.python) as peers,
        psycopg.connect(peers.address) as connection,
    ):
        return str(connection.info.server_version // 10_000) + f".{connection.info.server_version % 10_000}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")),
        platform.machine(),
    )
