"""An SFTP server as landing zone: a real sshd on loopback, believed only if its key is known; nothing but plain files."""

from __future__ import annotations

import os
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from assets.exports.landed import LandingError, RefusedFileError
from assets.exports.landing import LandingZone, Scan
from tests.sftp_server import SftpServer, make_key, missing, sftp_server

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SftpServer]:
    with sftp_server(tmp_path_factory.mktemp("sftp")) as server:
        yield server


@pytest.fixture
def sftp(running: SftpServer, monkeypatch: pytest.MonkeyPatch) -> SftpServer:
    """The server, with its key known and the user's key in the environment, as an office would set them."""
    running.write_known_hosts()
    options = {"KNOWN_HOSTS": running.known_hosts, "KEY_FILENAME": running.user_key, "ALLOW_AGENT": ""}
    _configure(monkeypatch, {f"FSSPEC_SFTP_{name}": str(value) for name, value in options.items()})
    return running


def _configure(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    """fsspec reads its variables when it is imported."""
    from fsspec.config import conf, set_conf_env

    for name in list(conf):
        monkeypatch.delitem(conf, name)
    set_conf_env(conf, variables)
    monkeypatch.setitem(conf, "sftp", conf["sftp"])


def scan(zone: LandingZone) -> Scan:
    return zone.scan(("igate",), sleep=lambda _: None)


def put(root: Path, name: str, content: bytes = b"[]", age: float = 3600) -> Path:
    file = root / "igate" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    os.utime(file, (time.time() - age,) * 2)
    return file


def test_files_are_read_under_their_names(sftp: SftpServer, tmp_path: Path) -> None:
    names = ["tháng 2/Danh sách hồ sơ.csv", unicodedata.normalize("NFD", "hồ sơ.csv"), "100%20 #1?.json"]
    for number, name in enumerate(names):
        put(tmp_path / "nơi nhận", name, b"[%d]" % number)
    zone = LandingZone(sftp.address(f"{tmp_path}/n%C6%A1i%20nh%E1%BA%ADn/"))
    seen = scan(zone)
    assert {file.path: zone.read(file) for file in seen.files} == {
        f"igate/{name}": b"[%d]" % number for number, name in enumerate(names)
    }
    assert scan(zone) == seen


def test_a_file_that_grows_is_left_for_the_next_run(sftp: SftpServer, tmp_path: Path) -> None:
    file = put(tmp_path, "a.json", b"[", age=60)  # another machine's clock may be a minute off
    zone = LandingZone(sftp.address(tmp_path))
    seen = zone.scan(("igate",), sleep=lambda _: file.write_bytes(b"[1"))  # type: ignore[arg-type, return-value]
    assert (seen.files, seen.unfinished) == ([], ["igate/a.json"])


def test_links_pipes_and_folders_elsewhere_are_refused(sftp: SftpServer, tmp_path: Path) -> None:
    root = tmp_path / "landing"
    put(root, "a.json", b"[1]")
    (tmp_path / "secret.json").write_bytes(b"secret")
    (root / "igate/link.json").symlink_to(tmp_path / "secret.json")
    (root / "igate/folder").symlink_to(tmp_path)
    (root / "igate/gone.json").symlink_to(tmp_path / "no.json")
    os.mkfifo(root / "igate/pipe.json")
    zone = LandingZone(sftp.address(root))
    shown: dict[str, bytes | str | None] = {}
    for file in scan(zone).files:
        try:
            shown[file.path.removeprefix("igate/")] = zone.read(file)
        except RefusedFileError as error:
            shown[file.path.removeprefix("igate/")] = str(error).partition(";")[0]
    link = "Liên kết (symlink) trên máy chủ SFTP không được đọc"
    assert shown == {
        "a.json": b"[1]",
        "link.json": link,
        "folder": link,
        "gone.json": link,
        "pipe.json": "Không phải là tệp thường",
    }


def test_the_folder_of_a_source_may_be_a_link(sftp: SftpServer, tmp_path: Path) -> None:
    put(tmp_path / "elsewhere", "a.json", b"[1]")
    (tmp_path / "landing").mkdir()
    (tmp_path / "landing/igate").symlink_to(tmp_path / "elsewhere/igate")
    zone = LandingZone(sftp.address(tmp_path / "landing"))
    assert [zone.read(file) for file in scan(zone).files] == [b"[1]"]


def test_a_folder_that_is_not_there_is_an_error(sftp: SftpServer, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"")
    for name in ("no", "a.txt"):
        with pytest.raises(
            LandingError, match=r"Không thấy thư mục nhận tệp sftp://\*\*\*@127.0.0.1.*--landing"
        ):
            scan(LandingZone(sftp.address(tmp_path / name)))


def test_a_server_with_an_unknown_key_is_refused_with_its_fingerprint(
    sftp: SftpServer, tmp_path: Path
) -> None:
    sftp.known_hosts.write_text("")
    with pytest.raises(LandingError, match=r"chưa có trong known_hosts \(khóa ssh-ed25519 SHA256:") as raised:
        LandingZone(sftp.address(tmp_path))
    assert f"ssh-keyscan -p {sftp.port} 127.0.0.1 >> ~/.ssh/known_hosts" in str(raised.value)
    assert "hãy hỏi người quản trị" in str(raised.value)


def test_a_server_with_another_key_than_the_known_one_is_refused(sftp: SftpServer, tmp_path: Path) -> None:
    sftp.write_known_hosts("other_key")
    with pytest.raises(LandingError, match="đã khác với khóa trong known_hosts"):
        LandingZone(sftp.address(tmp_path))


def test_a_list_of_keys_that_is_not_there_is_named(sftp: SftpServer, tmp_path: Path) -> None:
    sftp.known_hosts.unlink()
    with pytest.raises(LandingError, match="hãy sửa FSSPEC_SFTP_KNOWN_HOSTS"):
        LandingZone(sftp.address(tmp_path))


def test_a_refused_login_is_reported_without_it(
    sftp: SftpServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_key(tmp_path / "stranger")
    _configure(
        monkeypatch,
        {
            "FSSPEC_SFTP_KNOWN_HOSTS": str(sftp.known_hosts),
            "FSSPEC_SFTP_KEY_FILENAME": str(tmp_path / "stranger"),
            "FSSPEC_SFTP_LOOK_FOR_KEYS": "",
            "FSSPEC_SFTP_ALLOW_AGENT": "",
        },
    )
    with pytest.raises(
        LandingError, match=r"không nhận tài khoản.*hãy kiểm tra thông tin đăng nhập"
    ) as raised:
        LandingZone(sftp.address(tmp_path, "ai:mat-khau-9"))
    assert "mat-khau" not in str(raised.value) and "ai:" not in str(raised.value)


def test_a_server_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LandingError, match=r"không kết nối được với máy chủ; hãy kiểm tra địa chỉ"):
        LandingZone("sftp://ai@127.0.0.1:1/nhan")
