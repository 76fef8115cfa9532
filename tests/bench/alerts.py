"""The detector on a whole country: `python -m tests.bench alerts`."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

_COMMUNES, _PROVINCES, _FIELDS, _DAYS = 3_321, 34, 12, 400
_FROM, _TO = date(2024, 1, 2), date(2025, 12, 31)
_RUNS, _AIM_SECONDS = 5, 10.0
_NAMES = ("newly", "due")


def alerts(home: Path) -> None:
    """Seconds of a process that judges 3,321 communes x 12 fields (and communes, provinces) on 400 working days."""
    import numpy as np

    home.mkdir(parents=True, exist_ok=True)
    file = home / "flows.npz"
    np.savez(file, **_flows())
    found = sorted(_run(file) for _ in range(_RUNS))
    seconds, told = found[_RUNS // 2]
    print(
        f"alerts: {told}, whole process, median of {_RUNS}: {seconds:.1f} s ({seconds / _AIM_SECONDS:.2f} of the aim of"
        f" {_AIM_SECONDS:g} s), least {found[0][0]:.1f} s, most {found[-1][0]:.1f} s",
        flush=True,
    )


def _flows() -> dict[str, object]:
    """Counts by commune and field, most of them 0, and their sums by commune and by province."""
    import numpy as np

    rng = np.random.default_rng(1)
    due = rng.poisson(rng.gamma(0.5, 4.0, (_COMMUNES * _FIELDS, 1)), (_COMMUNES * _FIELDS, _DAYS))
    newly = rng.poisson(due * 0.05 * rng.gamma(5.0, 0.2, due.shape))
    province = np.arange(_COMMUNES) % _PROVINCES
    told = {}
    for name, counts in zip(_NAMES, (newly, due), strict=True):
        units = counts.reshape(_COMMUNES, _FIELDS, _DAYS).sum(axis=1)
        provinces = np.zeros((_PROVINCES, _DAYS), np.int64)
        np.add.at(provinces, province, units)
        told[name] = np.vstack([provinces, units, counts]).astype(np.int32)
    return told


def _run(file: Path) -> tuple[float, str]:
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.alerts", str(file)], capture_output=True, text=True, check=True
    )
    return time.perf_counter() - began, done.stdout.strip()


def _judge(file: Path) -> None:
    """The measured process."""
    import numpy as np

    from assets.alerts.detector import judge_days
    from assets.alerts.series import Days, Key, Series
    from pipelines.simulator.flows import working_days

    days = working_days(_FROM, _TO)
    days = Days(days.day[:_DAYS], days.is_after_holiday[:_DAYS], days.is_whole[:_DAYS])
    provinces = [Key("province", f"{p:02}", f"Tỉnh {p}", f"{p:02}") for p in range(_PROVINCES)]
    units = [Key("unit", f"{c:05}", f"Xã {c}", f"{c % _PROVINCES:02}") for c in range(_COMMUNES)]
    fields = [
        Key(
            "unit_field",
            unit.unit_code,
            unit.unit_name,
            unit.province_code,
            unit.unit_valid_from,
            f"{f:02}",
            f"Lĩnh vực {f}",
        )
        for unit in units
        for f in range(_FIELDS)
    ]
    with np.load(file) as held:
        series = Series((*provinces, *units, *fields), days, held["newly"], held["due"])
    alarms = sum(int(judged.is_alarm.sum()) for judged in judge_days(series))
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(
        f"{len(series.keys):,} series x {len(days.day)} working days, {alarms} alarms,"
        f" {series.newly.size * 2 * 4 / 1e6:.0f} MB of counts, peak {used.ru_maxrss / 1e3:.0f} MB,"
        f" {used.ru_utime + used.ru_stime:.1f} s of processor time"
    )


if __name__ == "__main__":
    _judge(Path(sys.argv[1]))
