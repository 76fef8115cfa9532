"""For whom the board answers a request."""

from __future__ import annotations

from dataclasses import dataclass

from assets.board.access.accounts import Account

#: What `motcua.viewer` says where the board has no accounts: every row is seen.
EVERYBODY = "*"


@dataclass(frozen=True)
class Viewer:
    """The person whom a page is for, and the setting `motcua.viewer` by which the warehouse knows who it is (`ops.viewer()`)."""

    name: str | None
    viewer_setting: str
    may_acknowledge: bool


def viewer_of(account: Account) -> Viewer:
    """Returns the viewer of an account."""
    return Viewer(account.name, account.name, account.may_acknowledge)


def viewer_without_account(user: str | None) -> Viewer:
    """Returns the viewer of a board on loopback that has no accounts; what it does is done as that user of the machine."""
    return Viewer(user, EVERYBODY, may_acknowledge=True)
