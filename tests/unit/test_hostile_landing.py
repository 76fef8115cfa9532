"""Names and places of files that nobody sends in good faith: shown escaped, or refused in one sentence."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from assets.exports.landed import MAX_FILE_BYTES, RefusedFileError
from assets.exports.landing import LandingZone, Scan


def scan(root: Path) -> Scan:
    return LandingZone(str(root)).scan(["igate"], now=time.time() + 60)


def put(root: Path, name: str | bytes, content: bytes = b"[]") -> None:
    folder = root / "igate"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / os.fsdecode(name)).write_bytes(content)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a\nb.json", r"igate/a\x0ab.json"),
        ("a\x1b[31mb.json", r"igate/a\x1b[31mb.json"),
        ("a\rb.json", r"igate/a\x0db.json"),
        ("a\u202enosj.json", r"igate/a\u202enosj.json"),
        ("a\\b.json", r"igate/a\\b.json"),
        (b"a\xff.json", r"igate/a\xff.json"),
        ("hồ sơ.json", "igate/hồ sơ.json"),
    ],
)
def test_a_name_is_shown_escaped_and_its_file_is_read(tmp_path: Path, name: str | bytes, words: str) -> None:
    put(tmp_path, name, b"[1]")
    (file,) = scan(tmp_path).files
    assert (file.path, file.source) == (words, "igate")
    assert LandingZone(str(tmp_path)).read(file) == b"[1]"


def test_two_names_that_differ_in_a_control_character_are_two_files(tmp_path: Path) -> None:
    put(tmp_path, "a\nb.json", b"1")
    put(tmp_path, "a\\x0ab.json", b"2")
    zone = LandingZone(str(tmp_path))
    assert sorted(zone.read(file) or b"" for file in scan(tmp_path).files) == [b"1", b"2"]


def test_a_link_out_of_the_folder_of_the_source_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "landing"
    put(root, "a.json")
    (tmp_path / "secret.json").write_bytes(b'["secret"]')
    (root / "dvcqg").mkdir()
    (root / "dvcqg/b.json").write_bytes(b"[]")
    (root / "igate/out.json").symlink_to(tmp_path / "secret.json")
    (root / "igate/up.json").symlink_to("../../secret.json")
    (root / "igate/other.json").symlink_to("../dvcqg/b.json")
    (root / "igate/gone.json").symlink_to(tmp_path / "no.json")
    (root / "igate/round.json").symlink_to("round.json")
    (root / "igate/within.json").symlink_to("a.json")
    zone = LandingZone(str(root))
    values = {}
    for file in scan(root).files:
        try:
            values[file.path.split("/")[1]] = str(zone.read(file))
        except RefusedFileError as error:
            assert "hãy chép chính tệp đó" in str(error)
            values[file.path.split("/")[1]] = "refused"
    assert values.pop("a.json") == values.pop("within.json") == str(b"[]")
    assert values and set(values.values()) == {"refused"}
    assert {"out.json", "up.json", "other.json"} <= values.keys()


def test_a_linked_folder_leads_nowhere_else(tmp_path: Path) -> None:
    root, outside = tmp_path / "landing", tmp_path / "outside"
    put(root, "a.json")
    outside.mkdir()
    (outside / "secret.json").write_bytes(b"[]")
    (root / "igate/folder").symlink_to(outside)
    (root / "igate/loop").symlink_to(root)
    zone = LandingZone(str(root))
    read = []
    for file in scan(root).files:
        try:
            zone.read(file)
            read.append(file.path)
        except RefusedFileError:
            continue
    assert read == ["igate/a.json"]


def test_the_folder_of_a_source_may_be_a_link(tmp_path: Path) -> None:
    put(tmp_path / "elsewhere", "a.json", b"[1]")
    (tmp_path / "landing").mkdir()
    (tmp_path / "landing/igate").symlink_to(tmp_path / "elsewhere/igate")
    files = scan(tmp_path / "landing").files
    assert [LandingZone(str(tmp_path / "landing")).read(file) for file in files] in ([b"[1]"], [])


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    put(tmp_path, "a.json")
    os.mkfifo(tmp_path / "igate/pipe.json")
    zone = LandingZone(str(tmp_path))
    (file,) = [file for file in scan(tmp_path).files if "pipe" in file.path]
    with pytest.raises(RefusedFileError, match=r"tệp thường.*hãy gửi tệp"):
        zone.read(file)


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "a.json")
    with (tmp_path / "igate/large.json").open("wb") as stream:
        stream.truncate(MAX_FILE_BYTES + 1)  # takes no room on the disk
    zone = LandingZone(str(tmp_path))
    monkeypatch.setattr(zone._place._system, "open", lambda *_: pytest.fail("opened"))
    (file,) = [file for file in scan(tmp_path).files if "large" in file.path]
    with pytest.raises(RefusedFileError, match=r"lớn hơn 1.073.741.824 byte.*hãy xuất theo kỳ ngắn hơn"):
        zone.read(file)


def test_a_file_that_grew_since_it_was_listed_is_not_read_to_its_end(tmp_path: Path) -> None:
    put(tmp_path, "a.json", b"[]")
    (file,) = scan(tmp_path).files
    with (tmp_path / "igate/a.json").open("wb") as stream:
        stream.truncate(2 * MAX_FILE_BYTES)
    assert LandingZone(str(tmp_path)).read(file) is None
