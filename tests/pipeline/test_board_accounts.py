"""`motcua board account`: accounts made, listed and closed, and who looked at which dossier."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner, Result

from assets.board.access.accounts import note_look, open_account, verified
from pipelines.cli.board_accounts import app

Run = Callable[..., Result]
_PASSWORD = "đi một ngày đàng"


@pytest.fixture
def motcua(warehouse: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `motcua board account …` on the warehouse of the test."""
    url = warehouse.url.set(drivername="postgresql").render_as_string(hide_password=False)
    monkeypatch.setenv("MOTCUA_WAREHOUSE_URL", url)
    monkeypatch.setenv("MOTCUA_HOME", str(tmp_path / "home"))
    return lambda *words: CliRunner().invoke(app, list(words))


@pytest.fixture
def password_file(tmp_path: Path) -> str:
    """A file with a password in its first line."""
    file = tmp_path / "mat-khau"
    file.write_text(f"{_PASSWORD}\nmột dòng khác\n", encoding="utf-8")
    return str(file)


def test_an_account_is_made_and_its_password_is_kept_as_a_hash(
    motcua: Run, warehouse: Engine, password_file: str
) -> None:
    made = motcua("add", "lan.nguyen", "--password-file", password_file)
    assert made.output == "Đã tạo tài khoản lan.nguyen.\n"
    with warehouse.connect() as connection:
        account = verified(connection, "lan.nguyen", _PASSWORD)
        assert account and (account.sees_every_unit, account.may_acknowledge) == (True, True)
        assert verified(connection, "lan.nguyen", unicodedata.normalize("NFD", _PASSWORD)) == account
        assert verified(connection, "lan.nguyen", _PASSWORD + " ") is None
        assert verified(connection, "ai", _PASSWORD) is None
        kept = connection.execute(text("select password_hash from ops.board_account")).scalar_one()
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_an_account_is_limited_to_units_and_given_all_of_them_again(
    motcua: Run, warehouse: Engine, password_file: str
) -> None:
    given = ("lan", "--read-only", "--password-file", password_file)
    assert motcua("add", *given, "--unit", "886", "--unit", "30520", "--unit", "886").exit_code == 0
    listed = motcua("list").output
    assert "lan" in listed and "30520, 886" in listed and "chỉ xem" in listed
    again = motcua("add", *given)
    assert again.output == "Đã đổi đơn vị, quyền và mật khẩu của tài khoản lan.\n"
    assert "mọi đơn vị" in motcua("list").output
    with warehouse.connect() as connection:
        account = open_account(connection, "lan")
        assert account and (account.sees_every_unit, account.may_acknowledge) == (True, False)
        assert connection.execute(text("select count(*) from ops.login_unit")).scalar_one() == 0


def test_a_closed_account_logs_in_no_more_until_it_is_given_again(
    motcua: Run, warehouse: Engine, password_file: str
) -> None:
    motcua("add", "lan", "--unit", "886", "--password-file", password_file)
    with warehouse.connect() as connection:
        before = open_account(connection, "lan")
    assert motcua("close", "lan").output == "Đã đóng tài khoản lan.\n"
    with warehouse.connect() as connection:
        assert verified(connection, "lan", _PASSWORD) is None
        assert open_account(connection, "lan") is None
        assert connection.execute(text("select count(*) from ops.login_unit")).scalar_one() == 0
    refused = motcua("close", "lan")
    assert refused.exit_code == 1 and "motcua board account list" in str(refused.exception)
    motcua("add", "lan", "--password-file", password_file)
    with warehouse.connect() as connection:
        after = open_account(connection, "lan")
    assert before and after and before.stamp != after.stamp  # sessions of before do not come back


@pytest.mark.parametrize("name", ["Lan", "lan ", "", "1an", "*", "board:lan", "l" * 64, "lân"])
def test_a_name_that_no_account_can_have_is_refused(motcua: Run, name: str, password_file: str) -> None:
    refused = motcua("add", "--password-file", password_file, "--", name)
    assert refused.exit_code == 1 and "không dùng được" in str(refused.exception)


def test_short_passwords_unknown_units_and_no_terminal_are_refused(motcua: Run, tmp_path: Path) -> None:
    short = tmp_path / "ngan"
    short.write_text("mười một kt\n", encoding="utf-8")
    assert "ít nhất 12 ký tự" in str(motcua("add", "lan", "--password-file", str(short)).exception)
    long_enough = tmp_path / "dai"
    long_enough.write_text("mười hai ký tự\n", encoding="utf-8")
    unknown = motcua("add", "lan", "--unit", "99999", "--password-file", str(long_enough))
    assert "Không có đơn vị mã 99999" in str(unknown.exception)
    assert "--password-file" in str(motcua("add", "lan").exception)
    assert "Chưa có tài khoản nào" in motcua("list").output


def test_who_looked_is_shown_by_dossier_account_and_day(motcua: Run, warehouse: Engine) -> None:
    assert motcua("log").output == "Chưa có ai xem.\n"
    with warehouse.begin() as connection:
        for account, dossier in (("lan", "H01-1"), ("lan", "H01-2"), ("an", "H01-1")):
            note_look(connection, account, dossier)
        connection.execute(text("update ops.board_access set at = '2023-07-20 08:00' where account = 'an'"))
    lines = motcua("log").output.splitlines()
    assert [line.split()[-2:] for line in lines if "H01" in line] == [
        ["lan", "H01-2"],
        ["lan", "H01-1"],
        ["an", "H01-1"],
    ]
    assert "20/07/2023 08:00" in lines[-1] or "20/07/2023 08:00" in lines[-2]
    assert motcua("log", "--dossier", "H01-1").output.count("H01-1") == 2
    assert " an " not in motcua("log", "--account", "lan").output
    assert motcua("log", "--since", "2023-07-21").output.count("H01") == 2


def test_where_rows_can_not_be_limited_a_limited_account_is_not_served(
    motcua: Run, warehouse: Engine, password_file: str
) -> None:
    motcua("add", "lan", "--unit", "886", "--password-file", password_file)
    with warehouse.begin() as connection:
        connection.execute(text("alter table mart.daily_flow disable row level security"))
    with warehouse.connect() as connection, pytest.raises(Exception, match="không giới hạn được"):
        verified(connection, "lan", _PASSWORD)
