"""A small landing zone in which much happens: two mornings of three portals, cut from the sample of July 2023.

Here: the files. Not here: what becomes of them.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
from datetime import datetime
from pathlib import Path

from tests.worlds import SAMPLES

_SAMPLE = SAMPLES / "tinh_bien_2023_07/landing"
_FIRST = (
    "angiang/2023/Danh sách hồ sơ_2023_07_29_18_30.xlsx",
    "dvcqg/2023/07/CapNhatTienDoHoSoMC_20230731T183000.json.gz",
    "dvcqg/2023/07/DongBoHoSoMC_20230730T183000.json.gz",
    "dvcqg/2023/07/DongBoHoSoMC_20230731T183000.json.gz",
    "igate/2023-07-31/dossiers.json",
)
_SECOND = (
    "angiang/2023/Danh sách hồ sơ_2023_07_30_18_30.xlsx",
    "dvcqg/2023/08/CapNhatTienDoHoSoMC_20230801T183000.json.gz",
    # Older than what came the morning before.
    "dvcqg/2023/07/DongBoHoSoMC_20230729T183000.json.gz",
    "igate/2023-08-01/dossiers.json",
)
_MINUTE = 60


def lay_mornings(root: Path) -> list[Path]:
    """The landing zone as it is found on two mornings: the second holds all files of the first, and more.

    Among them: a file that can't be read, refused rows, a content under two names, a file written again unchanged.
    """
    first, second = root / "first", root / "second"
    for path in _FIRST:
        _copy(path, first / path)
    _write(first / "dvcqg/2023/07/DongBoHoSoMC_20230728T183000.json", b'{"data": [{"MaHoSo": "000.2')
    shutil.copytree(first, second)  # keeps the times
    for path in _SECOND:
        _copy(path, second / path)
    _write(second / "dvcqg/2023/08/DongBoHoSoMC_20230801T183000.json", _with_refused_rows())
    _copy("igate/2023-07-31/dossiers.json", second / "igate/2023-07-31/gui-lai.json")
    _set_age(second / "dvcqg/2023/07/DongBoHoSoMC_20230731T183000.json.gz", 10 * _MINUTE)
    return [first, second]


def _with_refused_rows() -> bytes:
    file = _SAMPLE / "dvcqg/2023/08/DongBoHoSoMC_20230801T183000.json.gz"
    content = json.loads(gzip.decompress(file.read_bytes()))
    content["data"][0]["NgayTiepNhan"] = "2023-13-45"
    content["data"][1]["MaHoSo"] = ""
    return json.dumps(content, ensure_ascii=False).encode()


def _copy(path: str, target: Path) -> None:
    _write(target, (_SAMPLE / path).read_bytes())


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    _set_age(target, 60 * _MINUTE)


def _set_age(file: Path, seconds: int) -> None:
    # Older than the moment in which a file counts as perhaps still being written.
    stamp = datetime.now().timestamp() - seconds
    os.utime(file, (stamp, stamp))
