"""Pages on which a web server lists a folder: which links are its files and folders.

Here: reading such a page (Apache, nginx, IIS, Python's http.server and pages written by hand). Not here: asking for it
(`landing_http.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

_EMPTY_LISTINGS = ("index of", "directory listing", "listing of")


@dataclass(frozen=True)
class ListingPage:
    """Links below the page's own folder, in order and without repeats; `is_listing` where it looks like a listing."""

    links: list[str]
    is_listing: bool


def read_listing(html: str, url: str) -> ListingPage:
    """Returns the addresses that the page at `url` links to and that lie below it.

    Not among them: the folder above, links that sort (they have a query), other hosts, places in a page.
    """
    page = _Page()
    page.feed(html)
    page.close()
    links = list(dict.fromkeys(_below(page.links, urljoin(url, page.base) if page.base else url, url)))
    return ListingPage(links, bool(links) or page.title.strip().lower().startswith(_EMPTY_LISTINGS))


def path_below(link: str, root: str) -> str | None:
    """Returns the decoded path of an address relative to the folder `root`, or None if it does not lie below.

    A slash that is part of a name is written as \\x2f: no file of this machine can have it.
    """
    parts, above = _parts(link), _parts(root)[:-1]
    below = parts[len(above) :]
    if parts[: len(above)] != above or below in ([], [""]) or {".", ".."} & set(below):
        return None
    return "/".join(below)


def _parts(url: str) -> list[str]:
    parts = urlsplit(url).path.split("/")
    return [unquote(part, errors="surrogateescape").replace("/", "\\x2f") for part in parts]


def same_server(first: str, second: str) -> bool:
    """Returns True if both addresses are of one scheme, host and port."""
    return _server(first) == _server(second)


def _server(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _below(links: Iterable[str], base: str, page: str) -> Iterable[str]:
    for link in links:
        try:
            target = urljoin(base, link.strip()).partition("#")[0]
            inside = same_server(target, page) and path_below(target, page) is not None
        except ValueError:  # no address at all
            continue
        if inside and "?" not in target:
            yield target


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.base = ""
        self.title = ""
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href")
        if tag == "a" and href:
            self.links.append(href)
        elif tag == "base" and href:
            self.base = href
        self._in_title = tag == "title"

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
