"""A warehouse that does not answer is reported in one sentence, not by an error of the server."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest

from assets.board.access.guard import Guard, guarded
from assets.board.app import Board, application
from tests.browser.served_board import served_board
from tests.receivers import free_port
from tests.worlds import World
from warehouse_sql.engine import open_engine


@pytest.mark.parametrize("path", ["/", "/danh-sach?list=form", "/tep/form.csv", "/ho-so/x"])
def test_a_page_says_that_the_warehouse_does_not_answer(small: World, path: str) -> None:
    engine = open_engine(f"postgresql://nobody@127.0.0.1:{free_port()}/nothing")
    app = guarded(application(Board(engine)), Guard("open", "secret of this test"))
    with (
        served_board(app, small) as served,
        pytest.raises(urllib.error.HTTPError) as refused,
    ):
        urllib.request.urlopen(served.address + path, timeout=60)
    assert refused.value.code == 503
    assert "Kho dữ liệu chưa trả lời" in refused.value.read().decode()
