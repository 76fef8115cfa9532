"""The form taken apart by unit, sector, procedure and channel, and down to the dossiers behind each figure: the sums agree."""

from __future__ import annotations

from typing import Any

import pytest

from tests.worlds import World

pytestmark = pytest.mark.both_servers
FIGURES = (
    *(
        "received_total",
        "received_online",
        "received_direct_postal",
        "carried_over",
        "resolved_total",
        "resolved_early",
    ),
    *("resolved_on_time", "resolved_late", "pending_total", "pending_in_time", "pending_overdue"),
)
_SUMS = ", ".join(f"coalesce(sum({name}), 0)::bigint" for name in FIGURES)
_PERIODS = (("2000-01-01", "2099-12-31"), ("2023-07-10", "2023-07-20"), ("2023-07-14", "2023-07-14"))
_RULE_SETS = ("ii06", "qd766", "opencps")


def _moments(world: World) -> list[str]:
    """Now, and the middle of what arrived."""
    ((middle,),) = world.ask(
        "select percentile_disc(0.5) within group (order by received_at)::text from landing.export_file where status = 'loaded'"
    )
    return ["infinity", str(middle)]


def _form(world: World, arguments: str) -> list[Any]:
    return world.ask(f"select {_SUMS} from mart.form_ii06({arguments})")


@pytest.mark.parametrize("period", _PERIODS)
def test_the_sums_over_parts_are_the_figures_of_the_form(july: World, period: tuple[str, str]) -> None:
    for rule_set in _RULE_SETS:
        for moment in _moments(july):
            arguments = f"'{period[0]}', '{period[1]}', '{rule_set}', '{moment}'"
            form = _form(july, arguments)
            for part in ("unit", "sector", "procedure", "channel"):
                assert form == july.ask(f"select {_SUMS} from mart.form_by_part('{part}', {arguments})"), (
                    part,
                    arguments,
                )


@pytest.mark.parametrize("period", _PERIODS)
def test_the_dossiers_behind_a_figure_sum_up_to_it(july: World, period: tuple[str, str]) -> None:
    for rule_set in _RULE_SETS:
        for moment in _moments(july):
            arguments = f"'{period[0]}', '{period[1]}', '{rule_set}', '{moment}'"
            (form,) = _form(july, arguments)
            behind = [
                july.ask(
                    f"select coalesce(sum(quantity), 0)::bigint from mart.form_dossier('{name}', {arguments})"
                )[0][0]
                for name in FIGURES
            ]
            assert behind == list(form), arguments


def test_the_dossiers_of_each_unit_are_those_of_its_figures(divided: World) -> None:
    arguments = "'2000-01-01', '2099-12-31', 'ii06', 'infinity'"
    units = divided.ask(
        "select u.unit_key, f.resolved_total, f.pending_total from mart.form_ii06('2000-01-01', '2099-12-31') as f"
        " inner join mart.unit as u on f.unit_code = u.unit_code and f.valid_from = u.valid_from"
    )
    assert len(units) > 1
    for key, resolved, pending in units:
        for figure, expected in (("resolved_total", resolved), ("pending_total", pending)):
            assert divided.ask(
                "select coalesce(sum(quantity), 0)::bigint"
                f" from mart.form_dossier('{figure}', {arguments}, array[{key}]::bigint[])"
            ) == [(expected,)]


def test_the_dossiers_of_each_procedure_are_those_of_its_figures(july: World) -> None:
    arguments = "'2000-01-01', '2099-12-31', 'ii06', 'infinity'"
    parts = july.ask(
        f"select part_key, received_total, resolved_late from mart.form_by_part('procedure', {arguments})"
    )
    assert len(parts) > 1
    for code, received, late in parts:
        for figure, expected in (("received_total", received), ("resolved_late", late)):
            assert july.ask(
                f"select coalesce(sum(quantity), 0)::bigint from mart.form_dossier('{figure}', {arguments}, null, null, '{code}')"
            ) == [(expected,)]


def test_what_became_overdue_is_what_the_flow_says(july: World) -> None:
    for figure in ("became_overdue", "overdue_cleared"):
        assert july.ask(f"select coalesce(sum({figure}), 0)::bigint from mart.daily_flow_ii06") == july.ask(
            f"select coalesce(sum(quantity), 0)::bigint from mart.form_dossier('{figure}', '2000-01-01', '2099-12-31')"
        )


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("mart.form_by_part('nothing', '2023-07-01', '2023-07-31')", "part “nothing” không có"),
        ("mart.form_by_part('unit', '2023-07-31', '2023-07-01')", "không hợp lệ"),
        ("mart.form_dossier('nothing', '2023-07-01', '2023-07-31')", "Số liệu “nothing” không có"),
        ("mart.form_dossier('pending_total', '2023-07-31', '2023-07-01')", "không hợp lệ"),
    ],
)
def test_what_can_not_be_asked_is_refused(small: World, call: str, words: str) -> None:
    with pytest.raises(Exception, match=words):
        small.ask(f"select * from {call}")


def test_units_within_a_district_are_itself_and_its_communes(small: World) -> None:
    within = small.ask(
        "select u.level, count(*) from mart.unit_within('890', '1900-01-01') as w inner join mart.unit as u using (unit_key)"
        " group by u.level order by u.level"
    )
    assert within == small.ask(
        "select level, count(*) from mart.unit where valid_from = '1900-01-01' and district_code = '890'"
        " group by level order by level"
    )
    assert dict(within)["district"] == 1
    assert dict(within)["commune"] > 5
