"""`motcua alerts` as its users meet it: real receivers, and, where secrets might be told, real processes."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.alert_worlds import MONDAY, VIETNAM, AlertWorld, signal
from tests.command_line import Motcua
from tests.receivers import Hook, Mailbox, free_port


@pytest.fixture
def world(warehouse: Engine, web: Hook) -> AlertWorld:
    alert_world = AlertWorld(warehouse, web.address)
    with warehouse.begin() as connection:
        connection.execute(
            text(
                "insert into core.dim_date select d::date, 2023, 3, 7, '2023-07-01', '2023-07-01',"
                " extract(isodow from d), '', false, null, false, extract(isodow from d) < 6,"
                " (d::date - date '2023-07-01') from generate_series('2023-07-01', '2023-07-31', interval '1 day') as d"
                " on conflict do nothing"
            )
        )
    return alert_world


def test_alerts_are_listed_taken_on_and_silenced(motcua: Motcua, world: AlertWorld) -> None:
    assert "Không có cảnh báo nào đang mở" in motcua("alerts", "list").stdout
    world.night(MONDAY, signal())
    (row,) = json.loads(motcua("alerts", "list", "--json").stdout)
    assert (row["state"], row["unit_code"], row["observed"]) == ("firing", "30526", 13.0)
    assert "Xã An Cư: 13 hồ sơ mới quá hạn" in motcua("alerts", "list").stdout

    taken = motcua("alerts", "ack", row["alert_id"][:5], "--by", "Phòng Nội vụ", "--note", "đang xem")
    assert taken.returncode == 0, taken.stderr
    assert "Phòng Nội vụ đã nhận" in taken.stdout
    silent = motcua("alerts", "silence", row["alert_id"], "--until", "2099-12-31")
    assert silent.returncode == 0, silent.stderr
    (row,) = json.loads(motcua("alerts", "list", "--json").stdout)
    assert (row["state"], row["silenced_until"], row["acknowledged_by"]) == (
        "silenced",
        "2099-12-31",
        "Phòng Nội vụ",
    )
    assert "đang tắt, nghiêm trọng, Phòng Nội vụ đã nhận, đến hết 31/12/2099" in motcua("status").stdout

    unknown = motcua("alerts", "ack", "ffffffffff")
    assert (unknown.returncode, unknown.stderr.count("\n")) == (1, 1)
    assert "motcua alerts list --all" in unknown.stderr


def test_channels_are_tried_one_by_one(
    motcua_process: Motcua, post: Mailbox, web: Hook, tmp_path: Path
) -> None:
    dead = f"json://ai:Mat-Khau-9@127.0.0.1:{free_port()}/Token-Bi-Mat-77"
    file = tmp_path / "kênh.yaml"
    file.write_text(f"urls:\n  - {web.address}\n", "utf-8")
    done = motcua_process(
        "alerts", "test", MOTCUA_NOTIFY=f"{post.address}\n{dead} sai://x", MOTCUA_NOTIFY_FILE=str(file)
    )
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert [line.rpartition(" ")[2] == "nhận" for line in lines] == [True, False, False, True]
    assert post.subjects() == ["motcua: thông báo thử"] and web.posts[0]["title"] == "motcua: thông báo thử"
    assert "thứ 3 của MOTCUA_NOTIFY" in lines[2]
    for secret in ("Mat-Khau-9", "Token-Bi-Mat-77"):
        assert secret not in done.stdout + done.stderr
    none = motcua_process("alerts", "test")
    assert none.returncode == 2 and "MOTCUA_NOTIFY_FILE" in none.stderr


def test_what_waits_is_sent_and_what_does_not_arrive_stands_in_the_status(
    motcua: Motcua, world: AlertWorld, web: Hook
) -> None:
    web.status = 500
    world.night(MONDAY, signal())
    first = motcua("alerts", "send", MOTCUA_NOTIFY=web.address)
    assert "Đã gửi 0, lỗi 1" in first.stdout, first.stderr
    assert "Thông báo chưa tới kênh json-" in motcua("status").stdout
    (row,) = json.loads(motcua("status", "--json").stdout)["undelivered"]
    assert (row["waiting"], row["given_up"], row["most_attempts"]) == (1, 0, 1)


def test_the_dead_man_speaks_once_a_day_and_not_when_a_run_ended_well(
    motcua: Motcua, world: AlertWorld, web: Hook
) -> None:
    today = datetime.now(VIETNAM).date()
    _is_working_day(world, today, True)
    own = {"MOTCUA_NOTIFY": web.address, "MOTCUA_RUN_BY": "00:00"}
    for _ in range(2):
        done = motcua("alerts", "deadman", **own)
        assert done.returncode == 0, done.stderr
    assert [post["title"].split(":")[0] for post in web.posts] == ["motcua"]
    assert "Kho chưa có lần chạy nào" in web.posts[0]["message"]

    with world.engine.begin() as connection:
        connection.execute(text("delete from ops.notice"))
        connection.execute(
            text("insert into ops.run (started_at, ended_at, status) values (now(), now(), 'success')")
        )
    assert "Thông báo mới: 0" in motcua("alerts", "deadman", **own).stdout
    with world.engine.begin() as connection:
        connection.execute(text("update ops.run set status = 'failed', message = 'Hết chỗ'"))
    _is_working_day(world, today, False)
    assert "Thông báo mới: 0" in motcua("alerts", "deadman", **own).stdout
    _is_working_day(world, today, True)
    assert "Thông báo mới: 1" in motcua("alerts", "deadman", **own).stdout
    assert "thất bại (Hết chỗ)" in web.posts[-1]["message"]


def _is_working_day(world: AlertWorld, day: date, works: bool) -> None:
    with world.engine.begin() as connection:
        connection.execute(text("delete from core.dim_date where date = :day"), {"day": day})
        connection.execute(
            text(
                "insert into core.dim_date values (:day, 2026, 1, 1, :day, :day, 1, '', false, null, false, :works, 999999)"
            ),
            {"day": day, "works": works},
        )


@pytest.mark.skipif(datetime.now(VIETNAM).isoweekday() > 5, reason="nobody expects a run on this day")
@pytest.mark.skipif(datetime.now(VIETNAM).time() < time(0, 1), reason="the day has just begun")
def test_a_warehouse_that_is_gone_is_reported_past_the_outbox_once(motcua_process: Motcua, web: Hook) -> None:
    own = {
        "MOTCUA_NOTIFY": web.address,
        "MOTCUA_RUN_BY": "00:00",
        "MOTCUA_WAREHOUSE_URL": "postgresql://ai:Mat-Khau-9@127.0.0.1:1/x",
    }
    for _ in range(2):
        done = motcua_process("alerts", "deadman", **own)
        assert done.returncode == 1
        assert "Không kết nối được kho" in done.stderr
    (only,) = web.posts
    assert "Không hỏi được kho" in only["message"]
    assert "Mat-Khau-9" not in only["message"] + done.stderr + done.stdout


def test_a_failed_run_is_reported_once_a_day(motcua: Motcua, web: Hook, tmp_path: Path) -> None:
    for _ in range(2):
        done = motcua("run", "--landing", str(tmp_path / "không có"), MOTCUA_NOTIFY=web.address)
        assert done.returncode == 1
        assert len(done.stderr.strip().splitlines()) == 1
    (only,) = web.posts
    assert "LẦN CHẠY THẤT BẠI" in only["message"] and "không có" in only["message"]
    assert only["type"] == "failure"
