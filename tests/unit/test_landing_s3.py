"""S3 as landing zone: moto's server on loopback, reached as an office reaches its own store."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest

from assets.exports.landed import LandingError
from assets.exports.landing import LandingZone, Scan
from tests.s3_server import LOGIN, make_bucket, s3_server

_NAMES = ["tháng 2/Danh sách hồ sơ.csv", unicodedata.normalize("NFD", "hồ sơ.csv"), "100%20 #1?.json"]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with s3_server() as address:
        yield address


@pytest.fixture
def bucket(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An empty bucket "nhan"; login and endpoint as the environment would give them."""
    from fsspec.config import conf

    for name, value in LOGIN.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setitem(conf, "s3", {"endpoint_url": endpoint})
    bucket = make_bucket(endpoint, "nhan")
    yield bucket
    bucket.objects.all().delete()
    bucket.delete()


def scan(zone: LandingZone) -> Scan:
    return zone.scan(("igate",), sleep=lambda _: None)


@pytest.mark.parametrize("root", ["s3://nhan", "s3://nhan/kho/xuất 1/"])
def test_files_are_read_under_their_names(bucket: Any, root: str) -> None:
    prefix = root.removeprefix("s3://nhan").strip("/")
    for number, name in enumerate(_NAMES):
        bucket.put_object(Key=f"{prefix}/igate/{name}".lstrip("/"), Body=b"[%d]" % number)
    bucket.put_object(Key=f"{prefix}/igate/".lstrip("/"), Body=b"")  # as consoles mark a folder
    zone = LandingZone(root)
    seen = scan(zone)
    assert {file.path: zone.read(file) for file in seen.files} == {
        f"igate/{name}": b"[%d]" % number for number, name in enumerate(_NAMES)
    }
    assert all(file.etag and file.modified_ns for file in seen.files)
    assert scan(zone) == seen


def test_a_file_of_the_same_size_and_second_is_another_one(bucket: Any) -> None:
    bucket.put_object(Key="igate/a.json", Body=b"[1]")
    (before,) = scan(LandingZone("s3://nhan")).files
    bucket.put_object(Key="igate/a.json", Body=b"[2]")
    (after,) = scan(LandingZone("s3://nhan")).files
    assert before != after


def test_an_empty_bucket_is_an_empty_landing_zone(bucket: Any) -> None:
    assert scan(LandingZone("s3://nhan")).files == []


@pytest.mark.parametrize("root", ["s3://khong-co", "s3://nhan/khong-co"])
def test_a_bucket_or_folder_that_is_not_there_is_an_error(bucket: Any, root: str) -> None:
    with pytest.raises(LandingError, match=rf"Không thấy thư mục nhận tệp {root};.*--landing"):
        scan(LandingZone(root))


def test_a_store_that_is_not_there_is_an_error(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from fsspec.config import conf

    # Tried once: five tries with pauses say no more.
    once = {"retries": {"max_attempts": 0}}
    monkeypatch.setitem(conf, "s3", {"endpoint_url": "http://127.0.0.1:1", "config_kwargs": once})
    with pytest.raises(LandingError, match=r"không kết nối được với máy chủ; hãy kiểm tra địa chỉ"):
        scan(LandingZone("s3://nhan"))
