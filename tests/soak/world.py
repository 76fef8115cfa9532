"""What comes in which night: the exports of all portals, and feeds that are missing and come a night late."""

from __future__ import annotations

import os
import re
import shutil
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path

from pipelines.simulator import simulate
from warehouse_sql.vietnam_time import VIETNAM

FIRST_DAY = date(2026, 3, 2)
#: In each tenth night the feed of one source is missing.
MISSING_EVERY, MISSING_IN = 10, 2


def day_of(night: int) -> date:
    """Returns the day whose exports that night's run is to take in; nights count from 1."""
    return FIRST_DAY + timedelta(days=night - 1)


def run_at(night: int) -> datetime:
    """Returns when that night's run begins: half past midnight, after the last exports of the day."""
    return datetime.combine(day_of(night + 1), datetime.min.time(), VIETNAM) + timedelta(minutes=30)


class World:
    """Exports of some nights, given to a landing zone one night after the other."""

    def __init__(self, folder: Path, nights: int, dossiers: int) -> None:
        self._made, self.landing = folder / "made", folder / "landing"
        simulate(self._made, start=day_of(1), end=day_of(nights), dossiers=dossiers, seed=18, defects=0.1)
        self._by_night: dict[int, list[Path]] = defaultdict(list)
        for file in sorted(self._made.rglob("*")):
            if file.is_file():
                self._by_night[_night_of(file)].append(file)
        self.missing: dict[int, str] = {}
        for night in range(MISSING_IN, nights, MISSING_EVERY):
            self._make_late(night)

    def _make_late(self, night: int) -> None:
        came = self._by_night[night]
        sources = sorted({file.relative_to(self._made).parts[0] for file in came})
        source = sources[len(self.missing) % len(sources)]
        late = [file for file in came if file.relative_to(self._made).parts[0] == source]
        self.missing[night] = source
        self._by_night[night] = [file for file in came if file not in late]
        self._by_night[night + 1] += late

    def deliver(self, night: int) -> int:
        """Puts the files of a night into the landing zone and returns their number."""
        sent = (run_at(night) - timedelta(minutes=20)).timestamp()
        for file in self._by_night[night]:
            target = self.landing / file.relative_to(self._made)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
            os.utime(target, (sent, sent))
        return len(self._by_night[night])


def _night_of(file: Path) -> int:
    """Returns the night of an export, which its name or that of its folder states."""
    year, month, day = re.findall(r"(20\d\d)[-_]?(\d\d)[-_]?(\d\d)", str(file))[-1]
    return (date(int(year), int(month), int(day)) - FIRST_DAY).days + 1
