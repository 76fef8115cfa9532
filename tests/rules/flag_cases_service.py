"""What is flagged of deadlines, supplements, channels, fees and papers, and what is not."""

from __future__ import annotations

from tests.rules.rows import BARE, ONLINE, OPEN, STEP, Cases, asked

_ASKED = ("2023-07-17 10:00", "2023-07-17 14:00")

CASES: Cases = {
    "due_on_day_off": (
        [{"due_at": "2023-07-22 09:00"}, {"due_at": "2023-09-04"}],
        [{"due_at": None}, {"due_at": "2024-05-04 09:00"}, STEP | {"due_at": "2023-07-22 09:00"}],
    ),
    "due_outside_hours": (
        [{"due_at": "2023-07-18 06:59"}, {"due_at": "2023-07-18 17:00:01"}],
        [
            *(
                {"due_at": f"2023-07-18 {clock}"}
                for clock in ("00:00", "23:59", "23:59:59", "07:00", "17:00")
            ),
            {"due_at": None},
            STEP | {"due_at": "2023-07-22 03:00"},
        ],
    ),
    "due_at_reception": (
        [{"due_at": "2023-07-17 09:00"}],
        [
            {"due_at": "2023-07-17", "received_at": "2023-07-17"},
            {"due_at": None},
            {"received_at": None},
        ],
    ),
    "promise_too_long": (
        [{"due_at": "2028-07-17 09:01"}, {"due_at": "2203-07-18"}],
        [{"due_at": "2028-07-17 09:00"}, {"due_at": None}, {"received_at": None}],
    ),
    "absurd_limit": (
        [
            {"limit_value": -1},
            {"limit_value": 1251},
            {"limit_value": 1826, "limit_unit": "day"},
            {"limit_value": 10001, "limit_unit": "hour"},
            {"limit_value": 1251, "limit_unit": None},
        ],
        [
            {"limit_value": 0},
            {"limit_value": 1250},
            {"limit_value": None},
            {"limit_value": 1251, "limit_unit": "day"},
        ],
    ),
    "supplement_resumed_early": (
        [
            asked(("2023-07-17 10:00", "2023-07-17 09:59")),
            asked(_ASKED, ("2023-07-18 10:00", "2023-07-18 09:00")),
        ],
        [
            asked(_ASKED),
            asked(("2023-07-17 10:00", "2023-07-17 10:00")),
            asked((None, "2023-07-17 10:00"), ("2023-07-17 10:00", None)),
            {"supplements": None},
        ],
    ),
    "supplement_across_reception": (
        [asked(("2023-07-16 10:00", "2023-07-17 09:01")), asked(("2023-07-16 10:00", None))],
        [
            asked(("2023-07-15 10:00", "2023-07-17 09:00")),
            asked(("2023-07-17 09:00", None)),
            asked(_ASKED),
            asked(("2023-07-16 10:00", None)) | {"received_at": None},
            asked((None, None)),
            {"supplements": None},
        ],
    ),
    "supplements_overlap": (
        [
            asked(("2023-07-17 10:00", "2023-07-17 14:00"), ("2023-07-17 13:00", "2023-07-17 15:00")),
            asked(("2023-07-17 10:00", None), ("2023-07-18 10:00", "2023-07-18 15:00")),
        ],
        [
            asked(("2023-07-17 10:00", "2023-07-17 14:00"), ("2023-07-17 14:00", None)),
            asked(("2023-07-17 10:00", None), (None, "2023-07-17 15:00")),
            asked(_ASKED),
            {"supplements": None},
        ],
    ),
    "supplement_more_than_once": (
        [asked(_ASKED, _ASKED), asked(_ASKED, (None, None), _ASKED)],
        [asked(_ASKED), {}, {"supplements": None}],
    ),
    "supplement_due_earlier": (
        [asked((*_ASKED, "2023-07-20 09:00", "2023-07-19 09:00"))],
        [
            asked((*_ASKED, "2023-07-20 09:00", "2023-07-20 09:00")),
            asked((*_ASKED, None, "2023-07-19 09:00")),
            asked((*_ASKED, "2023-07-20 09:00", None)),
            {"supplements": None},
        ],
    ),
    "supplement_open_after_end": (
        [asked(("2023-07-17 10:00", None)), asked(("2023-07-17 10:00", None)) | {"status": 9}],
        [
            # so a waiting dossier is sent
            asked(("2023-07-17 15:00", None)) | {"status": 9},
            asked(("2023-07-17 10:00", None)) | {"status": 7},
            asked(("2023-07-17 10:00", None)) | OPEN,
            asked(("2023-07-17 10:00", None)) | {"ended_at": None},
            asked((None, None)),
            asked(_ASKED),
            {"supplements": None},
        ],
    ),
    "supplement_after_end": (
        [asked(("2023-07-17 15:01", None)) | {"status": status} for status in (7, 9, 10)],
        [
            asked(("2023-07-17 15:00", None)),
            asked(("2023-07-17 16:00", None)) | {"status": 4},
            asked(("2023-07-17 16:00", None)) | {"ended_at": None},
            asked((None, None)),
            {"supplements": None},
        ],
    ),
    "waiting_without_request": (
        [
            OPEN | {"status": 5},
            OPEN | {"status": 5, "supplements": None},
            OPEN | {"status": 5} | asked((None, None)),
        ],
        [
            OPEN | {"status": 5} | asked(_ASKED),
            OPEN | {"status": 5, "supplement_requested_at": "2023-07-17 10:00"},
            BARE | {"status": 5},
            OPEN | {"status": 6},
            STEP | {"status": 5},
        ],
    ),
    "missing_channel": ([{"channel": None}], [{}, BARE, STEP]),
    "online_without_submission": (
        [{"channel": 2, "submitted_at": None}],
        [ONLINE, {"channel": 1, "submitted_at": None}, {"channel": None, "submitted_at": None}],
    ),
    "accepted_late": (
        [ONLINE | {"submitted_at": "2023-07-02 08:59"}],
        [
            ONLINE | {"submitted_at": "2023-07-02 09:00"},
            {"submitted_at": "2023-07-01"},
            ONLINE | {"submitted_at": None},
            ONLINE | {"received_at": None},
        ],
    ),
    "direct_outside_hours": (
        [{"received_at": f"2023-07-17 {clock}"} for clock in ("06:29", "17:31", "20:00", "02:00")],
        [
            *({"received_at": f"2023-07-17 {clock}"} for clock in ("00:00", "06:30", "12:00", "17:30")),
            ONLINE | {"received_at": "2023-07-17 20:00"},
            {"channel": None, "received_at": "2023-07-17 20:00"},
            {"received_at": None},
        ],
    ),
    "absurd_fee": (
        [{"fee_amount": -1}, {"fee_amount": 1_000_000_001}],
        [{"fee_amount": 0}, {"fee_amount": 1_000_000_000}, {"fee_amount": None}],
    ),
    "paid_online_without_fee": (
        [{"payment_online": kind} for kind in (1, 2, 3)],
        [
            {"payment_online": 1, "fee_amount": None},
            {"payment_online": 1, "fee_amount": 8000},
            {"payment_online": None},
        ],
    ),
    "online_fee_without_payment": (
        [ONLINE | {"fee_amount": 8000, "payment_online": None}],
        [
            ONLINE | {"fee_amount": 8000},
            ONLINE | {"payment_online": None},
            ONLINE | {"fee_amount": None, "payment_online": None},
            {"fee_amount": 8000, "payment_online": None},
        ],
    ),
    "household_book_kept": (
        [{"has_household_book": True}, {"has_household_book": True, "received_at": "2023-01-01"}],
        [
            {"has_household_book": True, "received_at": "2022-12-31 16:00"},
            {"has_household_book": True, "received_at": None},
            {"has_household_book": False},
            {"has_household_book": None},
        ],
    ),
    "identity_copy_kept": (
        [{"has_identity_copy": True, "is_identified": True}],
        [
            {"has_identity_copy": True, "is_identified": False},
            {"has_identity_copy": True},
            {"has_identity_copy": False, "is_identified": True},
            {"is_identified": True},
        ],
    ),
}
