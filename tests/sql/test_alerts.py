"""Alerts in the warehouse and their notices: written once, grouped, held up by gaps, sent through real channels."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import Engine, text

from assets.alerts.book import AlertError, acknowledge, silence
from assets.alerts.outbox import SendSettings, pause
from tests.alert_worlds import MONDAY, NAME, PROVINCE, PROVINCE_NAME, UNIT, AlertWorld, signal
from tests.receivers import Hook, Mailbox, free_port

_COMMUNES = [
    ("30502", "Phường Nhà Bàng"),
    ("30505", "Phường Chi Lăng"),
    ("30511", "Phường Nhơn Hưng"),
    ("30523", "Xã Văn Giáo"),
    ("30532", "Xã Vĩnh Trung"),
    (UNIT, NAME),
]


@pytest.fixture
def world(warehouse: Engine, post: Mailbox, web: Hook) -> AlertWorld:
    return AlertWorld(warehouse, post.address, web.address)


def test_one_alert_reaches_mail_and_webhook_with_its_fingerprint(
    world: AlertWorld, post: Mailbox, web: Hook
) -> None:
    judged = world.night(MONDAY, signal())
    assert (judged.fired, judged.notices) == (1, 1)
    sent = world.send()
    assert (sent.sent, sent.failed, sent.waiting) == (2, 0, 0)

    (subject,) = post.subjects()
    assert subject == "Nghiêm trọng: Xã An Cư: 13 hồ sơ mới quá hạn, thường 2,1"
    (body,) = post.texts()
    assert "thường khoảng 2,1; cỡ này khoảng 1 lần trong 10.000 ngày làm việc" in body
    ((fingerprint,),) = set(world.notices("fingerprint"))
    assert f"Mã thông báo: motcua-{fingerprint}" in body
    assert post.mails[0]["X-Motcua-Fingerprint"] == fingerprint
    assert web.headers[0]["X-Motcua-Fingerprint"] == fingerprint
    assert (web.posts[0]["title"], web.posts[0]["type"]) == (subject, "failure")
    assert fingerprint in web.posts[0]["message"]
    assert len(body.splitlines()) < 25


def test_the_same_day_twice_changes_nothing_and_sends_nothing(world: AlertWorld, post: Mailbox) -> None:
    world.night(MONDAY, signal(), signal("30502", "Phường Nhà Bàng", severity="warning"))
    world.send()
    before = world.all_rows()
    for _ in range(2):
        world.clock.later(minutes=30)
        world.judge(signal(), signal("30502", "Phường Nhà Bàng", severity="warning"))
        world.send()
    assert world.all_rows() == before
    assert len(post.mails) == 1
    # A Sunday's exports are no further working day.
    world.night(MONDAY + timedelta(4), signal(day=MONDAY + timedelta(4)))
    rows = world.ask("select alert_id, runs_seen, state from ops.alert order by 1")
    world.night(MONDAY + timedelta(6), signal(day=MONDAY + timedelta(4)))
    assert world.ask("select alert_id, runs_seen, state from ops.alert order by 1") == rows


def test_a_warning_is_told_when_it_has_held_and_its_end_is_told_too(world: AlertWorld, post: Mailbox) -> None:
    for place in range(5):
        day = MONDAY + timedelta(place)
        world.night(day, *([signal(day=day, severity="warning")] if place < 2 else []))
        world.send()
    assert post.subjects() == [
        "Xã An Cư: 13 hồ sơ mới quá hạn, thường 2,1",
        "Đã trở lại bình thường: Xã An Cư",
    ]
    events = [
        event
        for (event,) in world.ask("select event from ops.alert_event where notice_id is null order by 1")
    ]
    assert events == ["fired", "notified", "notified", "opened", "resolved"]


def test_it_is_told_again_daily_at_most_and_not_after_it_was_taken_on(
    world: AlertWorld, post: Mailbox
) -> None:
    for place in range(3):
        day = MONDAY + timedelta(place)
        world.night(day, signal(day=day))
        world.judge(signal(day=day))
        world.send()
        if place == 1:
            with world.engine.begin() as connection:
                ((alert_id,),) = world.alerts("alert_id")
                acknowledge(connection, alert_id[:4], "phòng TCKH", "đang xử lý", world.clock.now)
    assert [subject[:8] for subject in post.subjects()] == ["Nghiêm t", "Nhắc lại"]
    assert world.alerts("acknowledged_by, state") == [("phòng TCKH", "firing")]


def test_a_silenced_one_is_heard_again_after_its_last_day(world: AlertWorld, post: Mailbox) -> None:
    world.night(MONDAY, signal())
    ((alert_id,),) = world.alerts("alert_id")
    with world.engine.begin() as connection:
        silence(connection, alert_id, MONDAY + timedelta(3), None, None, world.clock.now)
        with pytest.raises(AlertError, match="đã qua"):
            silence(connection, alert_id, MONDAY, None, None, world.clock.now)
        with pytest.raises(AlertError, match="Không có cảnh báo"):
            acknowledge(connection, "khác", None, None, world.clock.now)
    states = []
    for place in (1, 2, 3):
        day = MONDAY + timedelta(place)
        world.night(day, signal(day=day))
        states += [state for (state,) in world.alerts("state")]
    assert states == ["silenced", "silenced", "firing"]
    assert len(world.notices()) == 4  # two channels: Monday and Thursday


def test_a_province_wide_spike_is_one_notice(world: AlertWorld, post: Mailbox) -> None:
    units = [signal(code, name) for code, name in _COMMUNES]
    field = signal(kind="unit_field", field_code="G15-TP01", field_name="Hộ tịch")
    whole = signal(PROVINCE, PROVINCE_NAME, kind="province", observed=90.0, expected=20.0)
    judged = world.night(MONDAY, *units, field, whole)
    assert (judged.fired, judged.notices) == (8, 1)
    world.send()
    (subject,) = post.subjects()
    assert subject == "Nghiêm trọng: Tỉnh An Giang: 90 hồ sơ mới quá hạn, thường 20, 7 nơi khác"
    leaders = {key for (key,) in world.alerts("group_key")}
    assert leaders == {
        *(key for (key,) in world.ask("select alert_id from ops.alert where kind = 'province'"))
    }
    assert len(world.notices()) == 2
    assert post.texts()[0].count("\n- Phường") + post.texts()[0].count("\n- Xã") == 7


def test_many_communes_at_once_are_one_notice_few_are_one_each(world: AlertWorld) -> None:
    assert world.night(MONDAY, *(signal(*unit) for unit in _COMMUNES[:3])).notices == 3
    later = MONDAY + timedelta(20)
    assert world.night(later, *(signal(*unit, day=later) for unit in _COMMUNES)).notices == 1


def test_a_gap_in_the_feed_holds_it_up_until_it_heals(world: AlertWorld) -> None:
    _speak_of_unit(world)
    with world.engine.begin() as connection:
        connection.execute(
            text(
                "insert into ops.feed_day (source, day, expected, status, files, fill_problems, reason_vi)"
                " values ('igate', :day, true, 'missing', 0, '{}', 'không có tệp nào của ngày này')"
            ),
            {"day": MONDAY},
        )
    judged = world.night(MONDAY, signal(), signal("30502", "Phường Nhà Bàng"))
    assert (judged.inhibited, judged.notices) == (1, 1)
    assert world.alerts("unit_code, state, inhibited_vi") == [
        ("30502", "firing", None),
        (UNIT, "pending", "nguồn igate ngày 17/07/2023: thiếu tệp"),
    ]
    assert world.notices("subject")[0][0].endswith("Phường Nhà Bàng: 13 hồ sơ mới quá hạn, thường 2,1")
    with world.engine.begin() as connection:
        connection.execute(text("update ops.feed_day set healed_on = :day"), {"day": MONDAY + timedelta(1)})
    # The same morning, after the file came late.
    assert world.judge(signal(), signal("30502", "Phường Nhà Bàng")).fired == 1
    assert {state for (state,) in world.alerts("state")} == {"firing"}


def _speak_of_unit(world: AlertWorld) -> None:
    """A dossier of the unit, told of by igate."""
    with world.engine.begin() as connection:
        connection.execute(
            text(
                "insert into landing.export_file (source, path, sha256, size_bytes, modified_ns, received_at, status)"
                " values ('igate', 'igate/x', repeat('0', 64), 1, 1, now(), 'loaded')"
            )
        )
        connection.execute(
            text(
                "insert into history.dossier_version (source, dossier_code, effective_from, state_at, state_rank,"
                " file_rank, known_from, file_id, row_number, status, flags) select 'igate', 'X', now(), now(), 1, 'x',"
                " now(), file_id, 1, 4, '{}' from landing.export_file"
            )
        )
        connection.execute(
            text(
                "insert into core.fct_dossier (dossier_code, unit_code, unit_valid_from, unit_key, procedure_code,"
                " procedure_key, channel, status, state, is_counted, received_at, supplement_count, has_household_book,"
                " has_identity_copy, portal_disagreements, flags, known_from) select 'X', u.unit_code, u.valid_from,"
                " u.unit_key, p.procedure_code, p.procedure_key, 1, 4, 'processing', true, '2023-07-10', 0, false,"
                " false, '{}', '{}', '2023-07-10' from core.dim_unit as u cross join"
                " (select procedure_code, procedure_key from core.dim_procedure limit 1) as p"
                " where u.unit_code = :unit and u.valid_from = '1900-01-01'"
            ),
            {"unit": UNIT},
        )


def test_a_server_that_was_down_gets_it_later_and_the_other_at_once(
    world: AlertWorld, post: Mailbox, web: Hook
) -> None:
    post.stop()
    world.night(MONDAY, signal())
    first = world.send()
    assert (first.sent, first.failed, first.waiting) == (1, 1, 1)
    assert (len(web.posts), len(post.mails)) == (1, 0)
    # Not before its pause is over.
    post.start()
    world.clock.later(seconds=50)
    assert world.send().sent == 0
    world.clock.later(seconds=20)
    assert world.send().sent == 1
    assert (len(web.posts), len(post.mails)) == (1, 1)
    assert world.ask("select attempts, sent_at is not null, last_error from ops.notice order by 1") == [
        (1, True, None),
        (2, True, None),
    ]


def test_a_dead_channel_is_tried_ever_more_seldom_and_given_up_with_a_trace(
    world: AlertWorld, post: Mailbox, web: Hook
) -> None:
    web.status = 500
    world.night(MONDAY, signal())
    world.send()
    tries = 0
    while not world.ask("select 1 from ops.notice where given_up_at is not null"):
        world.clock.later(minutes=5)
        tries += world.send().failed
        assert tries < 40
    assert 12 <= tries <= 25  # doubling to six hours within three days
    assert len(web.posts) == tries + 1
    assert world.ask("select event, detail like '%500%' from ops.alert_event where event = 'given_up'") == [
        ("given_up", True)
    ]


def test_pauses_double_are_bounded_and_differ_by_the_draw() -> None:
    rules = SendSettings(first_pause_seconds=60, longest_pause_seconds=3600)
    assert [pause(attempt, rules, 0.5).total_seconds() for attempt in (1, 2, 3, 9, 500)] == [
        *(60, 120, 240, 3600, 3600),
    ]
    assert (pause(2, rules, 0.0).total_seconds(), pause(2, rules, 1.0).total_seconds()) == (60, 180)


def test_a_channel_that_fails_is_asked_once_in_a_call_however_much_waits(
    world: AlertWorld, web: Hook
) -> None:
    web.status = 503
    world.night(MONDAY, *(signal(*unit) for unit in _COMMUNES[:3]))
    done = world.send()
    assert (done.sent, done.failed, done.waiting) == (3, 1, 3)
    assert len(web.posts) == 1


def test_no_secret_is_kept_shown_or_logged(
    world: AlertWorld, web: Hook, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    port = free_port()
    gone = AlertWorld(world.engine, f"json://nguoi:Mat-Khau-9@127.0.0.1:{port}/Token-Bi-Mat-77")
    broken = AlertWorld(world.engine, "khong-co://Token-Bi-Mat-77@may/chu")
    web.status = 403
    for one in (world, gone, broken):
        one.night(MONDAY + timedelta(7), signal(day=MONDAY + timedelta(7)))
        one.clock.later(days=1)
        one.night(MONDAY + timedelta(8), signal(day=MONDAY + timedelta(8)))
        one.send()
    kept = "\n".join(str(row) for row in world.all_rows())
    out, err = capfd.readouterr()
    for secret in ("Mat-Khau-9", "Token-Bi-Mat-77", "motcua:Mat"):
        assert secret not in kept + out + err + caplog.text + repr(gone.channels) + repr(world.channels)
    assert "failure" in kept
    assert broken.channels[0].trouble and "thứ 1 của MOTCUA_NOTIFY" in broken.channels[0].trouble


def test_names_cannot_become_markup_links_or_mentions(world: AlertWorld, post: Mailbox, web: Hook) -> None:
    evil = signal("x-1", "Xã <b>A</b> [x](http://evil.vn) @everyone *đậm* `rm`\nBcc: a@b.vn evil.vn")
    html = AlertWorld(world.engine, post.address + "&format=html", web.address + "?format=markdown")
    html.night(MONDAY, evil)
    html.send()
    for told in (post.texts()[0], web.posts[0]["message"], post.subjects()[0], web.posts[0]["title"]):
        for part in ("<b>A", "](http", "@everyone", "*đậm*", "`rm`", "evil.vn", "http://"):
            assert part not in told
    assert post.mails[0]["Bcc"] is None
    (mail,) = post.mails
    assert mail.get_content_type() in ("text/html", "multipart/alternative")


def test_a_notice_lists_the_ten_oldest_dossiers_by_code(world: AlertWorld, post: Mailbox) -> None:
    with world.engine.begin() as connection:
        connection.execute(
            text(
                "insert into core.fct_dossier (dossier_code, unit_code, unit_valid_from, unit_key, procedure_code,"
                " procedure_key, channel, status, state, is_counted, received_at, due_at, supplement_count,"
                " has_household_book, has_identity_copy, portal_disagreements, flags, known_from)"
                " select format('000.29.33.H01-230601-%s', lpad(n::text, 4, '0')), u.unit_code, u.valid_from, u.unit_key,"
                " p.procedure_code, p.procedure_key, 1, 4, 'processing', true, '2023-06-01', date '2023-07-13' - n, 0,"
                " false, false, '{}', '{}', '2023-06-01' from generate_series(1, 12) as n cross join core.dim_unit as u"
                " cross join (select procedure_code, procedure_key from core.dim_procedure where is_last limit 1) as p"
                " where u.unit_code = :unit and u.valid_from = '1900-01-01'"
            ),
            {"unit": UNIT},
        )
    world.board = "https://bang.kho.vn/"
    world.night(MONDAY, signal())
    world.send()
    body = post.texts()[0]
    codes = [line.split(":")[0] for line in body.splitlines() if line.startswith("- 000.29")]
    assert codes == [f"- 000.29.33.H01-230601-{n:04}" for n in range(12, 2, -1)]
    assert "Đang quá hạn, chưa xong: 12 hồ sơ" in body
    assert "- 000.29.33.H01-230601-0012: hẹn 01/07/2023, trễ 11 ngày làm việc" in body
    assert "motcua explain 000.29.33.H01-230601-0012" in body
    assert "Trang theo dõi: https://bang.kho.vn/" in body
    assert all(len(subject) <= 80 for subject in post.subjects())


def test_a_claim_of_a_dead_sender_passes_to_the_next(world: AlertWorld, post: Mailbox) -> None:
    world.night(MONDAY, signal())
    with world.engine.begin() as connection:
        connection.execute(
            text("update ops.notice set attempts = 1, next_attempt_at = :at"),
            {"at": world.clock.now + timedelta(seconds=120)},
        )
    assert world.send().sent == 0
    world.clock.later(seconds=121)
    assert world.send().sent == 2


def test_a_channel_that_hangs_is_left_after_its_time(world: AlertWorld, web: Hook) -> None:
    import time as clock

    web.wait_seconds = 30
    hanging = AlertWorld(world.engine, web.address)
    hanging.night(MONDAY, signal())
    started = clock.monotonic()
    done = hanging.send()
    assert (done.sent, done.failed) == (0, 1)
    assert clock.monotonic() - started < 25


def test_a_later_file_of_the_same_day_changes_figures_and_can_fire(world: AlertWorld) -> None:
    world.night(MONDAY, signal(severity="warning"))
    world.clock.later(hours=3)
    judged = world.judge(replace(signal(), observed=31.0))
    assert (judged.fired, judged.notices) == (1, 1)
    assert world.alerts("observed, runs_seen, severity") == [(31.0, 1, "critical")]


def test_a_month_later_it_is_another_alert(world: AlertWorld) -> None:
    world.settings = replace(world.settings, quiet_runs=1, reopen_runs=1)
    days = [MONDAY + timedelta(place) for place in range(5)]
    world.night(days[0], signal())
    world.night(days[1])
    world.night(days[2])
    world.night(days[3], signal(day=days[3]))
    assert world.alerts("opened_on, state") == [
        (date(2023, 7, 17), "resolved"),
        (date(2023, 7, 20), "firing"),
    ]
    assert len({alert_id for (alert_id,) in world.alerts("alert_id")}) == 2
    assert world.clock.now.time() == time(6)


def test_two_senders_at_once_send_each_notice_once(world: AlertWorld, web: Hook) -> None:
    world.night(MONDAY, *(signal(*unit) for unit in _COMMUNES[:4]))
    senders = [AlertWorld(world.engine, web.address) for _ in range(2)]
    for sender in senders:
        sender.clock.now = world.clock.now
    with ThreadPoolExecutor(2) as pool:
        sent = list(pool.map(lambda sender: sender.send().sent, senders))
    assert sum(sent) == 4
    assert len({headers["X-Motcua-Fingerprint"] for headers in web.headers}) == len(web.posts) == 4
