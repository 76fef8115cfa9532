"""The floor: the rows of the lists as they are, by COPY into a table of texts, and nothing else.

python copy_floor.py ADDRESS LIST ...
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import psycopg2

_TITLE_ROWS, _COLUMNS = 5, 13


def copy(address: str, files: list[Path]) -> None:
    """Fills a fresh table with the rows of all lists."""
    columns = ", ".join(f"c{number} text" for number in range(1, _COLUMNS + 1))
    with psycopg2.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute(f"drop table if exists floor; create table floor ({columns})")
        for file in files:
            rows = file.read_bytes().split(b"\r\n", _TITLE_ROWS)[_TITLE_ROWS]
            rows = rows[: rows.rindex(b"\r\n", 0, -2) + 2]  # the total
            cursor.copy_expert("copy floor from stdin (format csv, delimiter ';')", io.BytesIO(rows))


if __name__ == "__main__":
    copy(sys.argv[1], [Path(each) for each in sys.argv[2:]])
