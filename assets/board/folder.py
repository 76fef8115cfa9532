"""The board as a folder for a USB stick: the same pages, each a file that works without a server or a network.

Pages are followed from the first one on; a link to what is not in the folder is no link there. Lists go along as XLSX.
"""

from __future__ import annotations

import hashlib
import shutil
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit

from sqlalchemy import Engine, text

from assets.board.access.viewer import EVERYBODY
from assets.board.choice import read_choice
from assets.board.files import write_listing
from assets.board.links import CARD
from assets.board.lists import LISTS
from assets.board.pages import PAGES
from assets.board.reading import Kept, Reader, reading
from assets.board.site import Person, Surroundings, page, settled

_STATIC = Path(__file__).with_name("static")
_FILE = "/tep/"
#: What a folder holds at most, so that it stays small enough to be carried and is written within minutes.
MOST_PAGES, MOST_CARDS, MOST_FILES = 600, 1_000, 100


@dataclass
class _Folder:
    """Which addresses are in the folder, under which names, and which are still to be written."""

    names: dict[str, str] = field(default_factory=dict)
    waiting: deque[str] = field(default_factory=deque)
    counts: dict[str, int] = field(default_factory=dict)
    most: dict[str, int] = field(default_factory=dict)

    def name_of(self, address: str) -> str | None:
        """Returns the file of an address, None where the folder does not hold it."""
        if address.startswith("#"):
            return address
        whole, _, fragment = address.partition("#")
        if whole not in self.names:
            kind = _kind_of(whole)
            if kind is None or self.counts.get(kind, 0) >= self.most[kind]:
                return None
            self.counts[kind] = self.counts.get(kind, 0) + 1
            self.names[whole] = _file_name(whole)
            self.waiting.append(whole)
        return self.names[whole] + (f"#{fragment}" if fragment else "")


def _kind_of(address: str) -> str | None:
    path = urlsplit(address).path
    if path.startswith(f"{CARD}/"):
        return "card"
    if path.startswith(_FILE):
        return "file" if path.endswith(".xlsx") else None
    return "page"


def _file_name(address: str) -> str:
    """Returns a name that says what is in the file, and is another one for another address."""
    parts = urlsplit(address)
    plain = {each.path: each.name for each in PAGES}
    if not parts.query and parts.path in plain:
        return "index.html" if parts.path == "/" else f"{parts.path.strip('/')}.html"
    mark = hashlib.sha256(address.encode()).hexdigest()[:10]
    if parts.path.startswith(f"{CARD}/"):
        return f"ho-so-{mark}.html"
    if parts.path.startswith(_FILE):
        name, _, ending = parts.path.removeprefix(_FILE).partition(".")
        return f"{name}-{mark}.{ending}"
    return f"{parts.path.strip('/') or 'buoi-sang'}-{mark}.html"


def write_folder(
    engine: Engine, to: Path, lang: str, most_pages: int = MOST_PAGES, most_cards: int = MOST_CARDS
) -> int:
    """Writes the pages as everybody sees them into a folder that is made; returns how many files it holds.

    All of them are of one state of the warehouse. Raises FileExistsError when the folder is there and not empty.
    """
    if to.exists() and any(to.iterdir()):
        raise FileExistsError(to)
    (to / "static").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_STATIC / "board.css", to / "static" / "board.css")
    folder = _Folder(most={"page": most_pages, "card": most_cards, "file": MOST_FILES})
    with reading(engine, EVERYBODY, Kept()) as reader:
        # Nobody waits for a page: on a busy machine one statement may take longer than a reader of the board is made to wait.
        reader.connection.execute(text("set local statement_timeout = '1h'"))
        folder.name_of("/" if lang == "vi" else f"/?lang={quote(lang)}")
        while folder.waiting:
            address = folder.waiting.popleft()
            _write(reader, folder, address, to / folder.names[address])
    return len(folder.names) + 1


def _write(reader: Reader, folder: _Folder, address: str, file: Path) -> None:
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query))
    if parts.path.startswith(_FILE):
        name = parts.path.removeprefix(_FILE).partition(".")[0]
        write_listing(reader, LISTS[name], settled(reader, read_choice(query)), file)
        return
    around = Surroundings(folder.name_of, "", True)
    file.write_text(page(reader, parts.path, query, Person(), around).html, encoding="utf-8")
