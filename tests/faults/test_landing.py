"""The landing zone changed under a run."""

from __future__ import annotations

from pathlib import Path

from assets.exports.landing import LandingZone
from tests.faults.landing import lay_mornings


def test_a_file_that_is_taken_away_while_others_are_read_is_left_for_the_next_run(tmp_path: Path) -> None:
    root, _ = lay_mornings(tmp_path)
    zone = LandingZone(str(root))
    gone, *others = zone.scan({"angiang", "dvcqg", "igate"}).files
    (root / gone.path).unlink()
    assert zone.read(gone) is None
    assert all(zone.read(file) for file in others)
