"""What tables, views, functions and columns mean, in Vietnamese: `<schema>.yaml`, by the English text.

The English text stands in the SQL that makes the object (`comment on`), once wherever columns mean the same; a text that is
changed there needs its Vietnamese looked at again. Not here: writing both into the database (`comments.py`).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from warehouse_sql.yaml_files import read_yaml

_ROOT = Path(__file__).parents[1]


@cache
def text_files() -> tuple[str, ...]:
    """Returns the paths of the files below warehouse_sql/."""
    return tuple(file.relative_to(_ROOT).as_posix() for file in sorted((_ROOT / "dictionary").glob("*.yaml")))


@cache
def texts() -> dict[str, str]:
    """Returns the Vietnamese of every English text. Raises ValueError where one stands twice."""
    pairs: dict[str, str] = {}
    for file in text_files():
        for row in read_yaml(_ROOT / file):
            if row["en"] in pairs:
                raise ValueError(f"{file}: a text stands twice: {row['en']}")
            pairs[row["en"]] = row["vi"]
    return pairs


def vietnamese(english: str) -> str:
    """Returns the Vietnamese of an English text. Raises KeyError where there is none."""
    return texts()[english]
