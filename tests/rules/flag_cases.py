"""What is flagged of codes, names, dates and statuses, and what is not. The rest: `flag_cases_service.py`."""

from __future__ import annotations

from tests.rules.rows import BARE, OPEN, STEP, Cases

CASES: Cases = {
    "missing_due": (
        [{"due_at": None, "status": status} for status in (2, 4, 5, 6, 7, 8, 9, 10)],
        [{"due_at": None, "status": 3}, STEP],
    ),
    "due_before_received": (
        [{"due_at": "2023-07-17 08:00"}],
        [{"due_at": None}, {"due_at": "2023-07-17 09:00"}, STEP | {"due_at": "2023-07-01"}],
    ),
    "unknown_unit": (
        [{"unit_name": "UBND xã Không Có Thật"}, {"unit_name": None}, {"unit_name": "UBND xã An Phú"}],
        [
            {"unit_name": "BPMC P. Thới Sơn"},
            {"unit_name": "Một cửa", "unit_code": "h01. 128"},
            {"unit_name": "UBND thị xã Tịnh Biên"},
            STEP,
        ],
    ),
    "unknown_procedure": (
        [
            {"procedure_code": "9.999999"},
            {"procedure_code": None, "procedure_name": "Thủ tục lạ"},
            {"procedure_code": "abc"},
        ],
        [{"procedure_code": None}, {"procedure_code": "1.001193"}, {"procedure_name": "Tên khác"}, STEP],
    ),
    "returned_before_finished": (
        [{"returned_at": "2023-07-17 14:00"}],
        [{"returned_at": "2023-07-17 15:00"}, {"returned_at": None}, {"ended_at": None}],
    ),
    "received_on_day_off": (
        [{"received_at": "2023-07-16 09:00"}, {"received_at": "2023-09-04 09:00"}],
        # a Saturday that is worked in exchange
        [{"received_at": None}, {}, {"received_at": "2024-05-04 09:00"}],
    ),
    "submitted_after_received": (
        [{"submitted_at": "2023-07-17 09:01"}, {"received_at": "2023-07-16"}],
        [{"submitted_at": None}, {"received_at": None}, {"received_at": "2023-07-17"}, BARE],
    ),
    "ended_within_a_minute": (
        [{"ended_at": "2023-07-17 09:00"}, {"ended_at": "2023-07-17 09:00:59", "status": 9}],
        [
            {"ended_at": "2023-07-17 09:01"},
            {"received_at": "2023-07-17", "ended_at": "2023-07-17"},
            {"ended_at": "2023-07-17 09:00", "status": 7},
            {"ended_at": "2023-07-17 08:00"},
            {"ended_at": None},
            {"received_at": None},
        ],
    ),
    "received_too_early": (
        [{"received_at": "2003-12-31 16:00"}, {"received_at": "0203-07-17"}],
        [{"received_at": "2004-01-01"}, {"received_at": None}],
    ),
    "received_at_night": (
        [{"received_at": f"2023-07-17 {clock}"} for clock in ("23:00", "00:00:01", "04:59")],
        [{"received_at": "2023-07-17"}, {"received_at": "2023-07-17 05:00"}, {"received_at": None}],
    ),
    "ended_at_night": (
        [{"ended_at": f"2023-07-17 {clock}"} for clock in ("23:00", "00:00:01", "04:59")],
        [
            {"ended_at": "2023-07-17"},
            {"ended_at": "2023-07-17 22:59"},
            {"ended_at": "2023-07-17 05:00"},
            {"ended_at": None},
        ],
    ),
    "ended_at_midnight": (
        [{"ended_at": "2023-07-18"}],
        [{"ended_at": "2023-07-18", "received_at": "2023-07-17"}, {"ended_at": None}, {"received_at": None}],
    ),
    "ended_on_day_off": (
        [{"ended_at": "2023-07-22 09:00"}, {"ended_at": "2023-09-04"}],
        [{"ended_at": None}, {"ended_at": "2024-05-04 09:00"}],
    ),
    "received_day_and_month_swapped": (
        [
            {"dossier_code": "000.26.33.H01-230712-0001", "received_at": "2023-12-07 09:00"},
            {"dossier_code": "G09.20-20230712-0092637", "received_at": "2023-12-07"},
        ],
        [
            {"dossier_code": "000.26.33.H01-230707-0001", "received_at": "2023-07-07 09:00"},
            {"dossier_code": "000.26.33.H01-231207-0001", "received_at": "2023-12-07 09:00"},
            {"dossier_code": "000.26.33.H01-230712-0001", "received_at": None},
            {"dossier_code": None, "received_at": "2023-12-07 09:00"},
        ],
    ),
    "ended_day_and_month_swapped": (
        [{"ended_at": "2023-10-08 15:00", "due_at": "2023-08-10", "received_at": "2023-08-07"}],
        [
            {"ended_at": "2023-10-07 15:00", "due_at": "2023-07-09", "received_at": "2023-07-08"},
            {"ended_at": "2023-10-17 15:00", "due_at": "2023-08-10", "received_at": "2023-08-07"},
            {"ended_at": "2023-09-08 15:00", "due_at": "2023-08-10", "received_at": "2023-08-07"},
            {"ended_at": "2023-10-08 15:00", "due_at": None},
            {"ended_at": "2023-10-08 15:00", "due_at": "2023-08-10", "received_at": None},
            {"ended_at": None},
        ],
    ),
    "due_day_and_month_swapped": (
        [
            {"due_at": "2023-03-08 09:00", "received_at": "2023-08-01 09:00"},
            {"due_at": "2023-12-08 09:00", "received_at": "2023-08-07 09:00"},
            {"due_at": "2023-12-08", "received_at": "2023-08-12 09:00"},
            {"due_at": "2023-12-06", "received_at": "2023-04-13 09:00"},
        ],
        [
            {"due_at": "2023-03-08 09:00", "received_at": "2023-08-04 09:00"},
            {"due_at": "2023-12-06", "received_at": "2023-04-12 09:00"},
            {"due_at": "2023-10-08 09:00", "received_at": "2023-07-10 09:00"},
            {"due_at": "2023-03-20 09:00", "received_at": "2023-08-01 09:00"},
            {"due_at": "2023-08-03 09:00", "received_at": "2023-08-01 09:00"},
            {"due_at": "2023-03-08 09:00", "received_at": None},
            {"due_at": None},
            STEP | {"due_at": "2023-03-08 09:00"},
        ],
    ),
    "code_day_far": (
        [
            {"received_at": "2023-05-17 09:00"},
            {"received_at": "2023-09-16"},
            {"received_at": "2022-07-17 09:00"},
            {"dossier_code": "G09.20-20230517-0092637"},
        ],
        [
            {"received_at": "2023-05-18"},
            {"received_at": "2023-09-15"},
            {"received_at": None},
            {"dossier_code": None},
            {"dossier_code": "G09.20-20230717-0092637"},
            {"dossier_code": "HS/0001"},
            {"dossier_code": "000.26.33.H01-231231-0001", "received_at": "2024-01-02"},
            {"dossier_code": "000.26.33.H01-999999-0001", "received_at": None},
        ],
    ),
    "code_of_other_province": (
        [{"dossier_code": "000.26.33.H56-230717-0001"}, {"dossier_code": "H21.128-250701-0001"}],
        [
            {"dossier_code": "H01.128-250701-0001"},
            {"dossier_code": "G09.20-20260609-0092637"},
            {"dossier_code": "HS/0001"},
            {"dossier_code": None},
            # of a source that speaks for no province that is known
            {"dossier_code": "H21.128-250701-0001", "source": "xa"},
        ],
    ),
    "received_but_not_accepted": (
        [{"status": 1}, {"status": 3}],
        [{"status": 1, "received_at": None}, {"status": None}, {"status": 2}, STEP | {"status": 1}],
    ),
    "refused_but_accepted": (
        [OPEN | {"refused_at": "2023-07-18", "status": status} for status in (2, 4, 5, 6, 7, 8, 9, 10)],
        [{"refused_at": "2023-07-18", "status": 3}, {"refused_at": "2023-07-18", "status": None}, {}],
    ),
    "refused_without_date": (
        [{"status": 3}],
        [{"status": 3, "refused_at": "2023-07-18"}, BARE | {"status": 3}, STEP | {"status": 3}],
    ),
    "ended_while_open": (
        [{"status": status} for status in (1, 2, 4, 5, 6)],
        [{"status": 8}, {"status": 3}, {"status": None}, OPEN],
    ),
    "returned_while_open": (
        [{"status": status} for status in (1, 2, 4, 5, 6, 9)],
        [*({"status": status} for status in (3, 7, 8)), {"status": None}, OPEN],
    ),
    "returned_without_date": (
        [{"returned_at": None}],
        [{"returned_at": None, "status": 9}, BARE | {"status": 10}, STEP | {"status": 10}],
    ),
    "result_before_end": (
        [{"has_electronic_result": True, "status": status} for status in (1, 2, 3, 4)],
        [{"has_electronic_result": True}, {"has_electronic_result": False, "status": 4}, OPEN],
    ),
}
