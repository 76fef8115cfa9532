"""A web server as landing zone: what it says of files is believed, what it does not say is read; nothing leads elsewhere."""

from __future__ import annotations

import hashlib
import os
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from assets.exports import landing_http
from assets.exports.http_listing import path_below, read_listing
from assets.exports.landed import LandedFile, LandingError, RefusedFileError
from assets.exports.landing import LandingZone, Scan
from assets.exports.register import KnownFile, is_known
from tests.web_servers import WebServer, python_server

_NAMES = (
    "Danh sách hồ sơ_2023_02_01_18_30.csv",
    unicodedata.normalize("NFD", "Sổ theo dõi hồ sơ.csv"),
    "100% xong & đủ.json",
    "lần #2.json",
    "hết?.json",
    "a+b.json",
    'nháy "kép" <b>.json',
    "%41.json",
)


@pytest.fixture
def web() -> Iterator[WebServer]:
    web = WebServer()
    yield web
    web.stop()


def scan(address: str, *sources: str) -> Scan:
    return LandingZone(address).scan(sources or ("igate",), sleep=lambda _: None)


def read_all(address: str) -> dict[str, bytes | None]:
    zone = LandingZone(address)
    return {file.path: zone.read(file) for file in zone.scan(("igate",), sleep=lambda _: None).files}


def test_files_of_pythons_own_server_are_whole_and_carry_their_names(tmp_path: Path) -> None:
    folder = tmp_path / "nơi nhận" / "igate" / "tháng 2"
    folder.mkdir(parents=True)
    for number, name in enumerate(_NAMES):
        (folder / name).write_bytes(b"[%d]" % number)
        os.utime(folder / name, (1_675_000_000, 1_675_000_000))
    (tmp_path / "nơi nhận" / "igate" / ".ẩn").write_bytes(b"")
    (tmp_path / "nơi nhận" / "khác").mkdir()
    with python_server(tmp_path) as address:
        zone = LandingZone(f"{address}nơi nhận")
        seen = zone.scan(("igate",), sleep=lambda _: pytest.fail("nothing is recent"))
        assert {file.path for file in seen.files} == {f"igate/tháng 2/{name}" for name in _NAMES}
        assert {(file.size, file.modified_ns) for file in seen.files} == {(3, 1_675_000_000 * 10**9)}
        content = {file.path.rpartition("/")[2]: zone.read(file) for file in seen.files}
        assert content == {name: b"[%d]" % number for number, name in enumerate(_NAMES)}
        assert (seen.unfinished, seen.unknown_folders, seen.errors) == ([], ["khác"], [])


def test_the_place_of_a_listing_is_distinguished_from_none(tmp_path: Path, web: WebServer) -> None:
    with python_server(tmp_path) as address:
        assert scan(address).files == []  # a folder with nothing in it
        with pytest.raises(LandingError, match=r"Không thấy thư mục nhận tệp .*--landing"):
            scan(f"{address}khong-co")
    web.pages[""] = "<html><title>Đăng nhập</title><form></form></html>"
    with pytest.raises(LandingError, match="không phải danh sách tệp"):
        scan(web.address)
    web.pages[""], web.files["du-lieu.json"] = "", b"{}"
    with pytest.raises(LandingError, match="Không thấy thư mục"):
        scan(f"{web.address}du-lieu.json")


def _says(web: WebServer, *, size: bool, time: bool, etag: bool, chunked: bool, head: bool) -> None:
    web.says_size, web.says_time, web.says_etag = size, time, etag
    web.is_chunked, web.knows_head = chunked, head


@pytest.mark.parametrize("head", [True, False])
@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(
    ("size", "time", "etag"),
    [
        (True, True, True),
        (True, True, False),
        (True, False, True),
        (False, False, True),
        (False, True, False),
        (True, False, False),
        (False, False, False),
    ],
)
def test_a_file_is_whole_whatever_a_server_says(
    web: WebServer, size: bool, time: bool, etag: bool, chunked: bool, head: bool
) -> None:
    _says(web, size=size, time=time, etag=etag, chunked=chunked, head=head)
    web.files = {"igate/a.json": b"[1, 2]", "igate/2023/b.json": b""}
    assert read_all(web.address) == {"igate/a.json": b"[1, 2]", "igate/2023/b.json": b""}


def _known(file: LandedFile, content: bytes) -> bool:
    """Whether a second run knows the file, when the first read that content of it."""
    size = len(content)
    return is_known(file, [KnownFile(hashlib.sha256(content).hexdigest(), size, file.modified_ns, file.etag)])


@pytest.mark.parametrize(("time", "etag"), [(True, False), (False, True), (True, True)])
def test_what_a_server_tells_apart_is_not_read_again(web: WebServer, time: bool, etag: bool) -> None:
    _says(web, size=True, time=time, etag=etag, chunked=False, head=True)
    web.files["igate/a.json"] = b"[1]"
    (file,) = scan(web.address).files
    assert _known(file, b"[1]") and web.bodies_asked() == []
    web.files["igate/a.json"], web.time_of["igate/a.json"] = b"[2]", 1_600_000_100
    (changed,) = scan(web.address).files
    assert changed != file and web.bodies_asked() == []


def test_of_a_server_that_tells_nothing_the_content_is_compared(web: WebServer) -> None:
    _says(web, size=True, time=False, etag=False, chunked=False, head=True)
    web.files["igate/a.json"] = b"[1]"
    (file,) = scan(web.address).files
    assert _known(file, b"[1]")
    web.files["igate/a.json"] = b"[2]"  # of the same size
    (changed,) = scan(web.address).files
    assert not _known(changed, b"[1]")


def test_a_time_that_is_always_now_is_no_time(web: WebServer) -> None:
    _says(web, size=True, time=True, etag=False, chunked=False, head=True)
    web.files["igate/a.json"] = b"[1]"
    for _ in range(2):
        web.time_of["igate/a.json"] = time.time()
        (file,) = scan(web.address).files
        assert file.modified_ns == 0 and _known(file, b"[1]")


@pytest.mark.parametrize("says", [True, False])
def test_a_file_that_grows_is_left_for_the_next_run(web: WebServer, says: bool) -> None:
    web.says_time = web.says_etag = web.says_size = says
    web.files = {"igate/a.json": b"[", "igate/b.json": b"[]"}
    web.time_of["igate/a.json"] = time.time()

    def grow(_: float) -> None:
        web.files["igate/a.json"] += b"1"

    zone = LandingZone(web.address)
    seen = zone.scan(("igate",), sleep=grow)
    contents = {file.path: zone.read(file) for file in seen.files}
    assert contents.pop("igate/a.json", None) is None
    assert contents == {"igate/b.json": b"[]"}
    assert seen.unfinished == (["igate/a.json"] if says else [])


def test_a_file_that_changes_while_it_is_read_is_left_for_the_next_run(web: WebServer) -> None:
    web.files["igate/a.json"] = b"[1]"
    zone = LandingZone(web.address)
    (file,) = zone.scan(("igate",), sleep=lambda _: None).files
    web.on_get = lambda path: web.files.update({path: b"[2]"})
    assert zone.read(file) is None


@pytest.mark.parametrize("chunked", [False, True])
def test_a_transfer_that_is_cut_is_no_file(web: WebServer, chunked: bool) -> None:
    web.files["igate/a.json"], web.is_chunked = b"[1, 2, 3]", chunked
    zone = LandingZone(web.address)
    (file,) = zone.scan(("igate",), sleep=lambda _: None).files
    web.cut_after = 4
    with pytest.raises(RefusedFileError, match=r"Không tải được tệp: .*dở dang"):
        zone.read(file)


def test_a_cut_that_no_protocol_shows_is_seen_by_reading_twice(web: WebServer) -> None:
    web.files["igate/a.json"], web.says_size = b"[1, 2, 3]", False
    zone = LandingZone(web.address)
    (file,) = zone.scan(("igate",), sleep=lambda _: None).files
    assert zone.read(file) == b"[1, 2, 3]"
    web.on_get = lambda _: setattr(web, "cut_after", 4 if web.cut_after is None else None)
    assert zone.read(file) is None


def test_the_login_of_the_address_is_used_and_never_shown(web: WebServer) -> None:
    web.files["igate/a.json"], web.login = b"[1]", "cán bộ:chìa/khoá@1"
    login = "c%C3%A1n%20b%E1%BB%99:ch%C3%ACa%2Fkho%C3%A1%401"
    assert read_all(f"http://{login}@127.0.0.1:{web.port}/") == {"igate/a.json": b"[1]"}
    for wrong in ("", "can-bo:sai-mat-khau@"):
        with pytest.raises(LandingError, match=r"mã 401.*hãy kiểm tra thông tin đăng nhập") as raised:
            scan(f"http://{wrong}127.0.0.1:{web.port}/")
        assert "sai-mat-khau" not in str(raised.value) and "can-bo" not in str(raised.value)


@pytest.mark.parametrize(
    ("status", "words"), [(403, "không cho xem"), (500, "máy chủ báo lỗi"), (404, "không có")]
)
def test_a_file_that_the_server_refuses_is_named_and_the_others_are_read(
    web: WebServer, status: int, words: str
) -> None:
    web.files = {"igate/a.json": b"[1]", "igate/b.json": b"[2]", "igate/c/d.json": b"[3]"}
    web.status = {"igate/a.json": status, "igate/c/": status}
    seen = scan(web.address)
    assert [file.path for file in seen.files] == ["igate/b.json"]
    assert [error.partition(":")[0] for error in seen.errors] == ["igate/a.json", "igate/c/"]
    assert all(words in error and f"mã {status}" in error and "hãy" in error for error in seen.errors)


@pytest.mark.parametrize("status", [401, 403, 500, 503])
def test_a_root_that_the_server_refuses_is_an_error(web: WebServer, status: int) -> None:
    web.status[""] = status
    with pytest.raises(LandingError, match=f"Không xem được nơi nhận tệp .*mã {status}.*hãy kiểm tra"):
        scan(web.address)


def test_a_server_that_is_not_there_is_an_error(web: WebServer) -> None:
    web.stop()
    with pytest.raises(LandingError, match=r"không kết nối được với máy chủ; hãy kiểm tra địa chỉ"):
        scan(f"http://ai:bi-mat@127.0.0.1:{web.port}/")


def test_nothing_leads_to_another_server(web: WebServer) -> None:
    elsewhere = WebServer()
    try:
        elsewhere.files["igate/a.json"] = b"secret"
        web.files = {"igate/a.json": b"[1]", "igate/b.json": b"[2]"}
        web.redirects["igate/a.json"] = f"{elsewhere.address}igate/a.json"
        seen = scan(web.address)
        assert [file.path for file in seen.files] == ["igate/b.json"]
        assert f"máy chủ chuyển sang http://127.0.0.1:{elsewhere.port}" in seen.errors[0]
        web.redirects[""] = elsewhere.address
        with pytest.raises(LandingError, match="máy chủ chuyển sang"):
            scan(web.address)
        web.redirects = {"": "/dang-nhap", "igate/b.json": "b.json"}
        web.pages["dang-nhap"] = '<a href="/igate/">x</a>'
        with pytest.raises(LandingError, match="trang đăng nhập"):
            scan(web.address + "igate/../")
        del web.redirects[""]
        assert "vòng tròn" in scan(web.address).errors[0]
        assert elsewhere.asked == []
    finally:
        elsewhere.stop()


def test_a_folder_named_without_a_slash_is_walked(web: WebServer) -> None:
    web.files["igate/2023/a.json"] = b"[1]"
    web.pages = {"": '<a href="igate">igate</a>', "igate/": '<a href="2023">2023</a>'}
    web.redirects = {"igate": "/igate/", "igate/2023": "/igate/2023/"}
    assert read_all(web.address) == {"igate/2023/a.json": b"[1]"}


def test_a_listing_without_end_is_left_at_some_depth(web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(dict[str, str]):
        def __contains__(self, path: object) -> bool:
            return str(path).startswith("igate/") and str(path).endswith("/")

        def __getitem__(self, path: str) -> str:
            file = '<a href="a.json">a</a>' if path == "igate/" else ""
            return f'{file}<a href="x/">x</a><a href="y/">y</a>'

    web.files["igate/a.json"] = b"[1]"
    web.pages = Endless()
    monkeypatch.setattr(landing_http, "MAX_FOLDERS", 50)
    seen = scan(web.address)
    assert len([1 for method, path in web.asked if path.endswith("/")]) <= 51
    (error,) = seen.errors
    assert error.startswith("igate/: ") and "không có điểm dừng" in error
    assert [file.path for file in seen.files] == ["igate/a.json"]


def test_a_file_beyond_the_limit_is_not_read_to_its_end(
    web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assets.exports.landed.MAX_FILE_BYTES", 1000)
    web.files["igate/a.json"] = b"x" * 5_000_000
    (file,) = scan(web.address).files
    with pytest.raises(RefusedFileError, match=r"lớn hơn 1\.000 byte"):
        LandingZone(web.address).read(file)
    assert web.bodies_asked() == []
    for chunked in (False, True):
        _says(web, size=False, time=False, etag=False, chunked=chunked, head=True)
        seen = scan(web.address)
        assert seen.files == [] and "lớn hơn 1.000 byte" in seen.errors[0]


_APACHE = """<html><head><title>Index of /nhan/igate</title></head><body><pre>
<a href="?C=N;O=D">Name</a> <a href="?C=M;O=A">Last modified</a><hr><a href="/nhan/">Parent Directory</a>
<a href="Danh%20s%C3%A1ch.csv">Danh sách.csv</a> 2023-02-01 18:30 1.2K <a href="2023/">2023/</a> </pre></body></html>"""
_NGINX = """<html><head><title>Index of /nhan/igate/</title></head><body><h1>Index of /nhan/igate/</h1><hr><pre>
<a href="../">../</a>\n<a href="2023/">2023/</a> 01-Feb-2023 18:30 -\n<a href="Danh%20s%C3%A1ch.csv">Danh s..&gt;</a></pre>"""
_IIS = """<html><head><title>kho - /nhan/igate/</title></head><body><pre><A HREF="/nhan/">[To Parent Directory]</A><br>
 <A HREF="/nhan/igate/Danh%20s%C3%A1ch.csv">Danh</A><A HREF="/nhan/igate/2023/">2023</A></pre></body></html>"""
_ABROAD = """<base href="http://khac.vn/"><a href="x.json">x</a><a href="http://127.0.0.1:81/nhan/igate/y.json">y</a>
<a href="mailto:a@b.vn">a</a><a href="javascript:x()">j</a><a href="//[">z</a><a href="#top">t</a><a>n</a>"""


@pytest.mark.parametrize("page", [_APACHE, _NGINX, _IIS])
def test_links_of_a_listing_are_its_files_and_folders(page: str) -> None:
    url = "http://127.0.0.1/nhan/igate/"
    actual = {path_below(link, "http://127.0.0.1/nhan/") for link in read_listing(page, url).links}
    assert actual == {"igate/Danh sách.csv", "igate/2023/"}


def test_links_elsewhere_are_no_files() -> None:
    page = read_listing(_ABROAD, "http://127.0.0.1/nhan/igate/")
    assert (page.links, page.is_listing) == ([], False)


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ("a%2Fb.json", "a\\x2fb.json"),
        ("%2e%2e/b.json", None),
        ("a%FF.json", "a\udcff.json"),
        ("%2541", "%41"),
    ],
)
def test_a_name_is_decoded_once_and_never_leads_up(link: str, path: str | None) -> None:
    assert path_below(f"http://h/nhan/{link}", "http://h/nhan/") == path


def test_a_login_may_stand_in_the_users_netrc(
    web: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.files["igate/a.json"], web.login = b"[1]", "canbo:mat-khau-9"
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login canbo password mat-khau-9\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    assert read_all(web.address) == {"igate/a.json": b"[1]"}


def test_a_certificate_is_believed_only_if_the_office_says_so(
    web: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.files["igate/a.json"] = b"[1]"
    web.use_tls(tmp_path)
    address = f"https://127.0.0.1:{web.port}/"
    with pytest.raises(LandingError, match=r"chứng thư TLS .*hãy đặt REQUESTS_CA_BUNDLE"):
        scan(address)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "certificate.pem"))
    assert read_all(address) == {"igate/a.json": b"[1]"}
