"""The reform of 1/7/2025: forms by the old units, by the new ones, and rolled into today's successors."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from assets.dimensions.load import load_reference
from assets.given.office_file import OfficeFiles
from assets.sources.source import ProvinceSpan
from tests.worlds import World, provincial

FIGURES = (
    *("received_total", "received_online", "received_direct_postal", "carried_over"),
    *("resolved_total", "resolved_early", "resolved_on_time", "resolved_late"),
    *("pending_total", "pending_in_time", "pending_overdue"),
)
PERIOD = ("2025-06-20", "2025-07-10")
_LAST_EVENING = "2025-06-30 18:30"
# Xã Phước Hưng of An Phú: its land went to Nhơn Hội (the default), An Phú and Phú Hữu.
DIVIDED, PARTS = "30358", ("30346", "30337", "30352")


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    return World(warehouse, tmp_path)


class Desk:
    """Dossiers of one unit of An Giang, as its iGate shows them on the last evening before the reform and after it."""

    def __init__(self) -> None:
        self.before: list[dict[str, Any]] = []
        self.after: list[dict[str, Any]] = []

    def take(self, unit: str, received: str, due: str, count: int = 1, **life: Any) -> None:
        for _ in range(count):
            code = f"000.26.33.H01-250620-{len(self.after) + 1:04}"
            line = {"unit_name": unit, "received": received, "due": due} | life
            self.after.append(provincial(code, **line | {"status": 4 if "ended" in life else 2}))
            if received < _LAST_EVENING:
                if line.get("ended", _LAST_EVENING) >= _LAST_EVENING:
                    line.pop("ended", None)
                self.before.append(provincial(code, **line | {"status": 4 if "ended" in line else 2}))

    def tell(self, world: World) -> World:
        world.say_provincial(_LAST_EVENING, *self.before)
        world.say_provincial("2025-07-10 18:30", *self.after)
        world.run()
        return world


def form(world: World, *, view: str | None = None, **options: Any) -> dict[str, dict[str, int]]:
    """Figures by "code@year of the list"."""
    rows = world.form(*PERIOD, **options | ({"unit_view": view} if view else {}))
    return {unit: {name: row[name] for name in FIGURES} for unit, row in rows.items()}


def rolled(world: World) -> dict[str, tuple[str, bool, list[str], dict[str, int]]]:
    """unit -> (name, is_estimate, estimated_from, figures) of mart.form_ii06_successor."""
    rows = world.ask(
        "select unit_code || '@' || case when valid_from < '2025-01-01' then 2024 else 2025 end, unit_name,"
        f" is_estimate, estimated_from, {', '.join(FIGURES)}"
        " from mart.form_ii06_successor(cast(:start as date), cast(:end as date))",
        start=PERIOD[0],
        end=PERIOD[1],
    )
    return {row[0]: (row[1], row[2], row[3], dict(zip(FIGURES, row[4:], strict=True))) for row in rows}


def figures(*numbers: int) -> dict[str, int]:
    return dict(zip(FIGURES, numbers, strict=True))


def identities_hold(row: dict[str, int]) -> bool:
    return (
        row["received_total"]
        == row["received_online"] + row["received_direct_postal"] + row["carried_over"]
        == row["resolved_total"] + row["pending_total"]
        and row["resolved_total"] == row["resolved_early"] + row["resolved_on_time"] + row["resolved_late"]
        and row["pending_total"] == row["pending_in_time"] + row["pending_overdue"]
    )


def tinh_bien() -> Desk:
    """30502 was Nhà Bàng and is Thới Sơn; Thới Sơn was 30517. Their dossiers on both sides of 1/7/2025."""
    desk = Desk()
    # Nhà Bàng: carried over and late; received online, early; received, open and overdue.
    desk.take("UBND phường Nhà Bàng", "2025-06-18 08:00", "2025-06-20 08:00", ended="2025-06-23 09:00")
    desk.take(
        "UBND phường Nhà Bàng", "2025-06-25 08:00", "2025-06-30 08:00", 2, ended="2025-06-26 08:00", channel=0
    )
    desk.take("Phường Nhà Bàng - TX Tịnh Biên", "2025-06-30 16:00", "2025-07-03 16:00")
    # The old Thới Sơn and Nhơn Hưng: on time; open and in time.
    desk.take("UBND phường Thới Sơn", "2025-06-27 08:00", "2025-07-02 08:00", 3, ended="2025-07-02 07:00")
    desk.take("P. Nhơn Hưng", "2025-06-30 08:00", "2025-07-15 08:00")
    # The district's own desk: wound up without a successor.
    desk.take("UBND thị xã Tịnh Biên", "2025-06-23 08:00", "2025-07-01 08:00", ended="2025-06-24 08:00")
    # The new Thới Sơn under its own name and, by habit, under the old one.
    desk.take(
        "UBND phường Thới Sơn", "2025-07-01 07:30", "2025-07-04 07:30", 4, ended="2025-07-03 10:00", channel=0
    )
    desk.take("UBND phường Nhà Bàng", "2025-07-02 08:00", "2025-07-08 08:00", ended="2025-07-09 09:00")
    return desk


@pytest.mark.both_servers
def test_a_period_across_the_reform_by_old_by_new_and_by_successor(world: World) -> None:
    tinh_bien().tell(world)
    as_received = {
        "30502@2024": figures(4, 2, 1, 1, 3, 2, 0, 1, 1, 0, 1),
        "30511@2024": figures(1, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0),
        "30517@2024": figures(3, 0, 3, 0, 3, 0, 3, 0, 0, 0, 0),
        "890@2024": figures(1, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0),
        "30502@2025": figures(5, 4, 1, 0, 5, 4, 0, 1, 0, 0, 0),
    }
    assert form(world) == as_received
    # By successor: the same code, now one unit; the district stays what it was.
    thoi_son = figures(13, 6, 6, 1, 11, 6, 3, 2, 2, 1, 1)
    assert rolled(world) == {
        "30502@2025": ("Phường Thới Sơn", False, [], thoi_son),
        "890@2024": ("Thị xã Tịnh Biên", False, [], as_received["890@2024"]),
    }
    assert form(world, view="current") == {"30502@2025": thoi_son, "890@2024": as_received["890@2024"]}
    names = world.ask(
        "select unit_name from mart.form_ii06('2025-06-20', '2025-07-10', unit_view => 'current') order by 1"
    )
    assert names == [("Phường Thới Sơn",), ("Thị xã Tịnh Biên",)]


def divided_desk() -> Desk:
    desk = tinh_bien()
    # Ten of Phước Hưng in five different lives, and one of An Phú itself after the reform.
    desk.take(
        "UBND xã Phước Hưng", "2025-06-25 08:00", "2025-06-30 08:00", 4, ended="2025-06-26 08:00", channel=0
    )
    desk.take("UBND xã Phước Hưng", "2025-06-25 08:00", "2025-06-30 08:00", 2, ended="2025-07-02 08:00")
    desk.take("UBND xã Phước Hưng", "2025-06-18 08:00", "2025-06-25 08:00", 1, ended="2025-06-25 07:00")
    desk.take("UBND xã Phước Hưng", "2025-06-26 08:00", "2025-07-01 08:00", 1)
    desk.take("UBND xã Phước Hưng", "2025-06-27 08:00", "2025-07-30 08:00", 2)
    desk.take("UBND xã An Phú", "2025-07-03 08:00", "2025-07-30 08:00")
    return desk


@pytest.mark.both_servers
def test_a_divided_unit_is_shared_out_in_whole_dossiers(divided: World) -> None:
    whole = form(divided)[f"{DIVIDED}@2024"]
    assert whole == figures(10, 4, 5, 1, 7, 4, 1, 2, 3, 2, 1)
    shown = rolled(divided)
    own = figures(1, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0)
    shares = {code: dict(shown[f"{code}@2025"][3]) for code in PARTS}
    shares["30337"] = {name: shares["30337"][name] - own[name] for name in FIGURES}
    # Ten among three: four for the default successor, three for each other.
    assert shares == {
        "30346": figures(4, 2, 2, 0, 3, 2, 1, 0, 1, 1, 0),
        "30337": figures(3, 1, 2, 0, 2, 1, 0, 1, 1, 1, 0),
        "30352": figures(3, 1, 1, 1, 2, 1, 0, 1, 1, 0, 1),
    }
    assert {name: sum(share[name] for share in shares.values()) for name in FIGURES} == whole
    assert all(identities_hold(row) for _, _, _, row in shown.values())
    assert {unit: (estimate, behind) for unit, (_, estimate, behind, _) in shown.items()} == {
        "30502@2025": (False, []),
        "890@2024": (False, []),
    } | {f"{code}@2025": (True, [DIVIDED]) for code in PARTS}
    names = divided.ask(
        "select unit_name from mart.form_ii06('2025-06-20', '2025-07-10', unit_view => 'current')"
        " where unit_name like '%tính)' order by 1"
    )
    assert names == [("Xã An Phú (ước tính)",), ("Xã Nhơn Hội (ước tính)",), ("Xã Phú Hữu (ước tính)",)]
    assert form(divided, view="current") == {unit: row for unit, (_, _, _, row) in shown.items()}


def test_the_successors_figures_add_up_under_every_rule_set_and_past_knowledge(divided: World) -> None:
    for rule_set in ("ii06", "qd766", "opencps", "opencps_v1", "opencps_v2"):
        for known_at in ("infinity", "2025-07-10 20:00+07"):
            before = form(divided, rule_set=rule_set, known_at=known_at)
            after = form(divided, view="current", rule_set=rule_set, known_at=known_at)
            assert before
            assert {name: sum(row[name] for row in before.values()) for name in FIGURES} == {
                name: sum(row[name] for row in after.values()) for name in FIGURES
            }


@pytest.mark.long
def test_a_divided_unit_elsewhere_in_the_country_by_an_offices_own_weights(
    world: World, tmp_path: Path
) -> None:
    old, name, main, other = _of_ha_noi_divided_in_two(world)
    ha_noi = replace(world.sources["igate"], provinces=(ProvinceSpan("01", None, None),))
    world.sources = world.sources | {"igate": ha_noi}
    desk = Desk()
    desk.take(name, "2025-06-25 08:00", "2025-06-30 08:00", 10, ended="2025-06-26 08:00")
    desk.take(name, "2025-06-25 08:00", "2025-06-30 08:00", 5)
    desk.tell(world)
    assert form(world) == {f"{old}@2024": figures(15, 0, 15, 0, 10, 10, 0, 0, 5, 0, 5)}
    assert form(world, view="current") == {
        f"{main}@2025": figures(8, 0, 8, 0, 5, 5, 0, 0, 3, 0, 3),
        f"{other}@2025": figures(7, 0, 7, 0, 5, 5, 0, 0, 2, 0, 2),
    }
    own = tmp_path / "don-vi.yaml"
    own.write_text(
        "weights:\n"
        f"  - {{old_code: {old}, new_code: {main}, weight: 0.9, source: Biên bản bàn giao}}\n"
        f"  - {{old_code: {old}, new_code: {other}, weight: 0.1, source: Biên bản bàn giao}}\n",
        encoding="utf-8",
    )
    with world.engine.begin() as connection:
        assert load_reference(connection, world.sources, OfficeFiles(units=own))
    # 13,5 and 1,5: of equal remainders the default successor has the first claim.
    assert form(world, view="current") == {
        f"{main}@2025": figures(14, 0, 14, 0, 9, 9, 0, 0, 5, 0, 5),
        f"{other}@2025": figures(1, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0),
    }
    assert world.ask(
        "select weight, weight_source from core.unit_successor where old_code = :old order by weight", old=old
    ) == [(0.1, "Biên bản bàn giao"), (0.9, "Biên bản bàn giao")]


def _of_ha_noi_divided_in_two(world: World) -> tuple[str, str, str, str]:
    """Code, name with its district, default and other successor of a commune."""
    with world.engine.begin() as connection:
        load_reference(connection, world.sources)
    (result,) = world.ask(
        "select s.old_code, min(u.unit_name || ', ' || d.unit_name), min(s.new_code) filter (where s.is_default),"
        " min(s.new_code) filter (where not s.is_default) from core.unit_successor as s"
        " inner join core.dim_unit as u on s.old_code = u.unit_code and u.valid_from = '1900-01-01'"
        " inner join core.dim_unit as d on u.parent_code = d.unit_code and u.valid_from = d.valid_from"
        " where u.province_code = '01' and u.level = 'commune'"
        " group by s.old_code having count(*) = 2 and not bool_or(s.is_full) order by s.old_code limit 1"
    )
    return result[0], result[1], result[2], result[3]


@pytest.mark.both_servers
def test_apportioned_figures_keep_every_sum_and_stay_within_one_dossier(warehouse: Engine) -> None:
    """Random forms of a divided unit, taken-back resolutions (negative figures) included."""
    with warehouse.connect() as connection:
        wrong = connection.execute(text(_APPORTIONED_AT_RANDOM)).all()
    assert wrong == []


# Every case: 2 to 5 successors with random weights, 3 received figures and 6 outcomes of the same sum.
_APPORTIONED_AT_RANDOM = """
with
seed as materialized (select setseed(0.42)),
cases as materialized (
    select
        c.n, 2 + c.n % 4 as k,
        array(select floor(random() * 40)::bigint - case when c.n % 7 = 0 then 3 else 0 end
            from generate_series(1, 5 + 0 * c.n)) as outs,
        array(select case when c.n % 3 = 0 then 1.0 else 0.01 + random() end
            from generate_series(1, 2 + c.n % 4)) as weights,
        floor(random() * 30)::bigint as online, floor(random() * 30)::bigint as direct
    from seed cross join generate_series(1, 600) as c (n)
),
figured as (
    select n, k, weights, array[online, direct, 200 - online - direct] as ins,
        outs || (200 - (select sum(o) from unnest(outs) as o))::bigint as outs
    from cases
),
done as (
    select
        f.*, t.totals, core.apportion(f.ins, f.weights, t.totals) as got_in,
        core.apportion(f.outs, f.weights, t.totals) as got_out
    from figured as f cross join lateral (select core.apportion(array[200], f.weights) as totals) as t
),
cells as (
    select d.n, d.k, 'in' as side, i.figure, p.part, i.value, w.weight / (select sum(x) from unnest(d.weights) as x) as share,
        d.got_in[(i.figure - 1) * d.k + p.part] as got, d.totals[p.part] as total
    from done as d cross join lateral unnest(d.ins) with ordinality as i (value, figure)
    cross join lateral generate_series(1, d.k) as p (part) cross join lateral (select d.weights[p.part]) as w (weight)
    union all
    select d.n, d.k, 'out', i.figure, p.part, i.value, w.weight / (select sum(x) from unnest(d.weights) as x),
        d.got_out[(i.figure - 1) * d.k + p.part], d.totals[p.part]
    from done as d cross join lateral unnest(d.outs) with ordinality as i (value, figure)
    cross join lateral generate_series(1, d.k) as p (part) cross join lateral (select d.weights[p.part]) as w (weight)
)
select 'figure' as what, n from cells group by n, side, figure, value having sum(got) <> value
union all
select 'total', n from cells group by n, side, part, total having sum(got) <> total
union all
select 'far', n from cells where abs(got - value * share) >= 1.000001
limit 5
"""
