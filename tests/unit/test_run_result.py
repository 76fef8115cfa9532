"""What `motcua run` prints of its result."""

from __future__ import annotations

import pytest

from assets.run_log import Intake
from pipelines.cli.run import print_result
from pipelines.run import RunResult


def _printed(capsys: pytest.CaptureFixture[str], intake: Intake) -> tuple[str, str]:
    print_result(RunResult(intake, 0, None, ok=True, error=None, run_id="x"))
    shown = capsys.readouterr()
    return shown.out, shown.err


def test_a_file_that_is_not_taken_in_is_not_called_unreadable(capsys: pytest.CaptureFixture[str]) -> None:
    """It may have been read well, and refused for its clock."""
    intake = Intake(files_known=2, files_failed=1, errors=["igate/a.json: Thời điểm xuất muộn hơn lúc đến."])
    out, err = _printed(capsys, intake)
    assert out.strip() == "Tệp: 0 mới, 2 đã có, 1 chưa nhận."
    assert err.strip() == "Chưa nhận: igate/a.json: Thời điểm xuất muộn hơn lúc đến."
