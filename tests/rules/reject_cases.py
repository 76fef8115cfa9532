"""What rules of severity reject refuse, and what they let pass."""

from __future__ import annotations

from tests.rules.rows import OPEN, STEP, Cases

_REQUESTED = '[{"requested_at": "2023-07-18T08:00:00", "resumed_at": null}]'
_RESUMED = '[{"requested_at": "2023-07-18T08:00:00", "resumed_at": "2023-07-19T08:00:00"}]'

CASES: Cases = {
    "missing_code": ([{"dossier_code": None}], [{}]),
    "malformed_code": (
        [
            {"dossier_code": code}
            for code in (
                *("HS/0001", "000.26.33.h01-230717-0001", "000.26.33.H01-230717-001", " "),
                *("000.26.33.H01-230717-0001 ", "H01.128-2507010001", "000.26.33.H01-2307170-0001", ""),
            )
        ],
        [
            {"dossier_code": code}
            for code in (
                *("H01.128-250701-0001", "G09.20-20260609-0092637", None, "H01.25-250701-0001"),
                *("H01-250701-0001", "A00.00-20260609-0000", "H01.25.10-250701-00001"),
            )
        ],
    ),
    "unreadable_date": ([{"unreadable_field": "NgayTra", "unreadable_value": "?"}], [{"returned_at": None}]),
    "unknown_status": (
        [{"status": None, "status_raw": "99"}, {"status": None, "status_raw": None}],
        [{"status": 1}, STEP | {"status": None, "status_raw": None}],
    ),
    "missing_received": (
        [{"received_at": None, "status": status} for status in (2, 4, 5, 6, 7, 8, 9, 10)],
        [{"received_at": None, "status": 1}, {"received_at": None, "status": 3}, STEP],
    ),
    "ended_without_date": (
        [
            *({"status": status, "ended_at": None, "returned_at": None} for status in (7, 9, 10)),
            # sent as finished, and waits no more, or a portal says it that has no such way
            *(
                {
                    "source": source,
                    "status": 9,
                    "ended_at": None,
                    "returned_at": None,
                    "supplements": supplements,
                }
                for source, supplements in (("dvcqg", _RESUMED), ("dvcqg", "[]"), ("angiang", _REQUESTED))
            ),
        ],
        [
            *({"ended_at": None}, {"returned_at": None}, OPEN, STEP | {"status": 9}),
            # sent as finished, it waits
            {
                "source": "dvcqg",
                "status": 9,
                "ended_at": None,
                "returned_at": None,
                "supplements": _REQUESTED,
            },
        ],
    ),
    "finished_before_received": (
        [{"ended_at": "2023-07-17 08:59"}, {"returned_at": "2023-07-16 00:00"}, {"ended_at": "2023-07-16"}],
        [
            {"ended_at": "2023-07-17 00:00"},
            {"ended_at": "2023-07-17 09:00"},
            {"returned_at": "2023-07-17 09:00"},
            {"received_at": None},
            OPEN,
        ],
    ),
    "in_the_future": (
        [
            {"ended_at": "2023-07-20 18:31"},
            {"returned_at": "2023-08-01"},
            {"received_at": "2023-07-21"} | OPEN,
        ],
        [{"ended_at": "2023-07-20 18:30"}, {"due_at": "2024-01-01"}],
    ),
}
