"""`motcua dictionary`: what tables, views, functions and columns mean, searched or written as a page and a workbook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.console import open_warehouse, say, show_rows
from pipelines.settings import Settings
from warehouse_sql.messages import language, message

if TYPE_CHECKING:
    from assets.dictionary.entries import Entry
    from assets.dictionary.search import Match

_PAGE, _WORKBOOK = "index.html", "dictionary.xlsx"
_SHOWN = 40


def dictionary(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WORD…",
            help="Từ cần tìm trong tên và ý nghĩa, có dấu hay không dấu, tiếng Việt hoặc tiếng Anh.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In một danh sách đối tượng JSON.")] = False,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--to",
            metavar="DIR",
            help="Ghi cả từ điển vào thư mục này: trang tra cứu ngoại tuyến và bảng tính.",
        ),
    ] = None,
) -> None:
    """Từ điển dữ liệu: bảng, khung nhìn, hàm và cột nghĩa là gì."""
    if not words and folder is None:
        raise typer.BadParameter(message("hãy cho từ cần tìm, hoặc --to."))
    from assets.dictionary.entries import read_entries
    from assets.dictionary.search import search

    with open_warehouse(Settings()).connect() as connection:
        entries = read_entries(connection)
    if folder is not None:
        _write(entries, folder)
    if words:
        matches = search(entries, " ".join(words))
        if as_json:
            print(json.dumps([_plain(match) for match in matches], ensure_ascii=False))
        else:
            _show(matches, " ".join(words))


def _plain(match: Match) -> dict[str, str | None]:
    return {
        "object": match.entry.name,
        "kind": match.entry.kind,
        "column": match.column,
        "type": match.type if match.column else None,
        "meaning_en": match.meaning.en,
        "meaning_vi": match.meaning.vi,
    }


def _show(matches: list[Match], words: str) -> None:
    if not matches:
        say(message("Không có “{words}” trong từ điển.", words=words))
        return
    show_rows(
        (message("Bảng, hàm"), message("Cột"), message("Kiểu"), message("Ý nghĩa")),
        [
            (
                match.entry.name,
                match.column or "",
                match.type,
                _first_sentence(getattr(match.meaning, language())),
            )
            for match in matches[:_SHOWN]
        ],
        unbroken=(0, 1),
    )
    if len(matches) > _SHOWN:
        say(message("… và {count:number} dòng khác; hãy thêm từ để thu hẹp.", count=len(matches) - _SHOWN))


def _first_sentence(written: str) -> str:
    return written.split(". ", maxsplit=1)[0].rstrip(".") + "."


def _write(entries: list[Entry], folder: Path) -> None:
    from assets.dictionary.site import site_of
    from assets.dictionary.workbook import workbook_of

    folder.mkdir(parents=True, exist_ok=True)
    (folder / _PAGE).write_text(site_of(entries), encoding="utf-8")
    (folder / _WORKBOOK).write_bytes(workbook_of(entries))
    say(
        message(
            "Đã ghi từ điển {count:number} đối tượng: {page}, {workbook}",
            count=len(entries),
            page=folder / _PAGE,
            workbook=folder / _WORKBOOK,
        )
    )
