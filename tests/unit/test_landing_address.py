"""The address of a landing zone: shown without its login, and what it needs is named where it is not installed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from assets.exports.landed import LandingError
from assets.exports.landing import LandingZone
from assets.exports.landing_address import shown_address


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://ai:mat-khau@kho.vn:81/nhan/", "http://***:***@kho.vn:81/nhan/"),
        ("sftp://ai@kho.vn/nhan", "sftp://***@kho.vn/nhan"),
        ("https://kho.vn/nhan?token=mat-khau", "https://kho.vn/nhan"),
        ("ftp://ai:mat-khau@kho.vn/nhan", "ftp://***:***@kho.vn/nhan"),
        ("/nhan/a@b?c", "/nhan/a@b?c"),
        ("s3://nhan/a@b", "s3://nhan/a@b"),
    ],
)
def test_an_address_is_shown_without_its_login(url: str, shown: str) -> None:
    assert shown_address(url) == shown


@pytest.mark.parametrize(
    ("url", "library", "extra"),
    [
        ("http://ai:mat-khau@127.0.0.1:1/", "requests", "http"),
        ("https://127.0.0.1:1/", "requests", "http"),
        ("sftp://ai:mat-khau@127.0.0.1:1/nhan", "paramiko", "sftp"),
        ("s3://nhan/2023", "s3fs", "s3"),
    ],
)
def test_a_library_that_is_not_installed_is_named_with_the_command_that_brings_it(
    url: str, library: str, extra: str
) -> None:
    code = (
        f"import sys; sys.modules[{library!r}] = None\n"
        "from assets.exports.landing import LandingZone\n"
        f"try: LandingZone({url!r})\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    shown = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    ).stdout
    assert shown.startswith("LandingError Nơi nhận tệp ")
    assert f"hãy cài motcua cùng phần “{extra}”" in shown
    assert "mat-khau" not in shown


@pytest.mark.parametrize("url", ["http:///nhan", "https://kho.vn/nhan?token=1", "khong-co://kho.vn/nhan"])
def test_an_address_that_leads_nowhere_is_an_error(url: str) -> None:
    with pytest.raises(LandingError, match="hãy"):
        LandingZone(url)
