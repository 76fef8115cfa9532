"""What is masked in a text that leaves motcua, by its form and by its value; and what is left as it is."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from warehouse_sql import masking
from warehouse_sql.masking import mask_settings, masked

_SECRETS = ("Bí-Mật9", "BiMat9Xyz", "p@BiMat", "BiMat/9", "anna")


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masking, "_remembered", set())
    monkeypatch.setattr(masking, "_settings", (frozenset(), frozenset()))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://anna:BiMat9Xyz@kho.vn:5432/kho", "postgresql://***:***@kho.vn:5432/kho"),
        ("postgresql+psycopg://anna@kho.vn/kho", "postgresql+psycopg://***@kho.vn/kho"),
        ("redis://:BiMat9Xyz@kho.vn/0", "redis://***:***@kho.vn/0"),
        ("(“sftp://anna:p@BiMat@h.vn/in”)", "(“sftp://***:***@h.vn/in”)"),
        ("sftp://anna:p%40BiMat@h.vn/in/a.csv không mở được", "sftp://***:***@h.vn/in/a.csv không mở được"),
        ("ftp://anna:BiMat/9@h.vn/in", "ftp://***:***@h.vn/in"),
        ("ftp://anna:BiMat'9@h.vn/in", "ftp://***:***@h.vn/in"),
        ("{'url': 'http://anna:BiMat9Xyz@h.vn/x', 'b': 'c@d'}", "{'url': 'http://***:***@h.vn/x', 'b': 'c@d'}"),
        ("a blank: ftp://anna:BiMat9Xyz 9@h.vn/in", "a blank: ftp://*** 9@h.vn/in"),
        ("http://anna:BiMat9Xyz@h.vn/in?to=a@b.vn", "http://***:***@h.vn/in?to=a@b.vn"),
        ("http://anna:BiMat?9@h.vn/in", "http://***:***@h.vn/in"),
        ("ssh anna:BiMat9Xyz@h.vn", "ssh ***:***@h.vn"),
        ("host=h user=anna password='BiMat\\'9Xyz' dbname=d", "host=h user=*** password=*** dbname=d"),
        ("postgresql://h/d?user=anna&password=BiMat9Xyz&x=1", "postgresql://h/d?user=***&password=***&x=1"),
        ("https://h/f?sv=1&sig=BiMat9Xyz%3D&se=2", "https://h/f?sv=1&sig=***&se=2"),
        ("https://h/f?X-Amz-Credential=anna&X-Amz-Signature=BiMat9Xyz", "https://h/f?X-Amz-Credential=***&X-Amz-Signature=***"),
        ("{'username': 'anna', \"password\": \"BiMat9Xyz\"}", "{'username': ***, \"password\": ***}"),
        ("Authorization: Basic BiMat9Xyz==", "Authorization: Basic ***"),
        ("passfile=/home/BiMat9Xyz sslpassword=BiMat9Xyz", "passfile=*** sslpassword=***"),
        ("tgram://BiMat9Xyz/12345: lỗi", "tgram://***: lỗi"),
        ("slack://BiMat9Xyz/BiMat9Xyz/BiMat9Xyz/#anna.", "slack://***."),
        ("mailtos://anna:BiMat9Xyz@tinh.gov.vn?to=x@y.vn", "mailtos://***"),
        ("https://hooks.slack.com/services/T0/B0/BiMat9Xyz", "https://hooks.slack.com/***"),
        ("https://api.telegram.org/botBiMat9Xyz/sendMessage", "https://api.telegram.org/***"),
        ("http://anna:BiMat9Xyz@proxy.vn:3128 (proxy)", "http://***:***@proxy.vn:3128 (proxy)"),
    ],
)  # fmt: skip
def test_an_address_in_a_text_shows_no_user_password_or_token(text: str, shown: str) -> None:
    assert masked(text) == shown
    assert masked(shown) == shown
    assert not [secret for secret in _SECRETS if secret in masked(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Không thấy thư mục nhận tệp /srv/landing; hãy tạo thư mục.",
        "Địa chỉ kho không đúng dạng postgresql://người_dùng:mật_khẩu@máy:cổng/cơ_sở_dữ_liệu; hãy sửa.",
        "Dagster: http://127.0.0.1:3000 và http://127.0.0.1:3001/ (x).",
        "sftp://h.vn:22/in/a.csv, https://h.vn/a/2023@x.json, file:///srv/nhận tệp",
        "Lúc 07:30 ngày 18/07/2023: 12.345 dòng; hỏi lanhdao@tinh.gov.vn.",
        "dossier_code = '000.26.33.H01-230717-0001', key (a)=(b), user “x” has 3 keys: a, b",
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert masked(text) == text


@pytest.mark.parametrize(
    "password", ["Bí-Mật9", "p@ss", "a/Bi:Mat9", "BiMat 9x", "BiMat'\"\\9", "%2FBi%4", "b7Qz"]
)
def test_a_password_of_the_settings_is_masked_wherever_and_however_it_is_written(password: str) -> None:
    spelt = {password, quote(password, safe=""), repr(password)[1:-1], json.dumps(password)[1:-1]}
    for setting in (f"postgresql://kho:{quote(password, safe='')}@h/d", f"postgresql://kho:{password}@h/d"):
        mask_settings([setting])
        for text in spelt:
            assert masked(f"lỗi “{text}”: x") == "lỗi “***”: x", setting


def test_what_a_library_cuts_off_a_password_is_masked() -> None:
    mask_settings(["sftp://kho:pa@ss@may.vn/in"])
    assert masked("failed to resolve host 'ss@may.vn': x") == "failed to resolve host '***@may.vn': x"
    mask_settings(["sftp://kho:12ab/cdef9@may.vn/in"])
    assert (
        masked("Port could not be cast to integer value as '12ab'")
        == "Port could not be cast to integer value as '***'"
    )


def test_a_user_that_a_library_takes_for_the_host_is_masked() -> None:
    mask_settings(["http://kho_an_giang:12ab/cdef9@may.vn/in"])
    assert masked("Cannot connect to host kho_an_giang:80") == "Cannot connect to host ***:80"


def test_a_user_is_masked_where_a_server_names_it() -> None:
    mask_settings(["postgresql://kho_an_giang:x@h/d"])
    assert masked('password authentication failed for user "kho_an_giang"') == (
        'password authentication failed for user "***"'
    )
    assert (
        masked("Permission denied for user kho_an_giang on host h")
        == "Permission denied for user *** on host h"
    )
    # A statement that a DBA is to run has to stay one.
    assert masked('grant motcua_owner to "kho_an_giang"') == 'grant motcua_owner to "kho_an_giang"'


def test_tokens_of_a_channel_are_masked_out_of_its_address() -> None:
    mask_settings(["json://127.0.0.1:80/hook/Token-Bi-Mat-77  tgram://123456789:AbCdEfGhIjKl/9"])
    for token in ("Token-Bi-Mat-77", "AbCdEfGhIjKl"):
        assert masked(f"url: /x/{token} (127.0.0.1, hook)") == "url: /x/*** (127.0.0.1, hook)"


def test_the_host_of_a_setting_is_no_secret() -> None:
    mask_settings(["mailto://anna:BiMat9Xyz@127.0.0.1:25?from=a@kho.vn&to=b@xa.vn"])
    assert masked("127.0.0.1:25, b@xa.vn, BiMat9Xyz") == "127.0.0.1:25, b@xa.vn, ***"


def test_addresses_that_were_opened_are_remembered() -> None:
    masking.remember("s3://AKIA1234567890:BiMat9Xyz@kho", "")
    assert masked("x BiMat9Xyz y") == "x *** y"


def test_an_ordinary_or_short_password_does_not_hide_half_of_every_text() -> None:
    mask_settings(["postgresql://motcua:motcua@h/motcua"])
    assert masked("motcua status, user motcua") == "motcua status, user motcua"
    mask_settings(["postgresql://motcua:lan@h/d"])
    assert masked("lần chạy lan man") == "lần chạy lan man"
    mask_settings(["postgresql://motcua:lanh@h/d"])
    assert masked("lành lanhdao lanh") == "lành lanhdao ***"
