"""Sessions of the board: a signed cookie that says who logged in and when, and the token that forms carry.

Nothing is stored but the secret that signs (`passwords.json`) and, in memory, which sessions ended before their time. Not here:
who may log in (`accounts.py`).
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from itsdangerous import BadData, URLSafeTimedSerializer

from assets.board.access.accounts import Account
from warehouse_sql.passwords import keep_password, new_password, read_passwords

#: A session ends after so long, used or not.
SESSION_SECONDS = 12 * 3600
_KEPT_UNDER, _SECRET = "board", "session"
_MOST_ENDED = 100_000


@dataclass(frozen=True)
class Session:
    """One visit: its token, and the account that logged in, with the stamp of its password; None: nobody."""

    token: str
    name: str | None = None
    stamp: str = ""
    is_new: bool = False

    def is_of(self, account: Account) -> bool:
        """Returns True while the account has the password that it logged in with."""
        return self.name == account.name and hmac.compare_digest(self.stamp, account.stamp)

    def has_token(self, given: str) -> bool:
        """Returns True if a form carries this session's token."""
        return hmac.compare_digest(self.token.encode(), given.encode())


class Sessions:
    """Signs and reads cookies."""

    def __init__(self, secret: str, is_secure: bool) -> None:
        self._signer = URLSafeTimedSerializer(secret, salt="motcua.board.session")
        self._is_secure = is_secure
        self._ended: OrderedDict[str, float] = OrderedDict()

    @property
    def cookie(self) -> str:
        """The cookie's name; with TLS one that no other host can set."""
        return "__Host-motcua" if self._is_secure else "motcua"

    def read(self, value: str | None) -> Session:
        """Returns the session of a cookie; a new one for none, and for one that is forged, over or ended."""
        try:
            token, name, stamp = self._signer.loads(value or "", max_age=SESSION_SECONDS)
            session = Session(str(token), None if name is None else str(name), str(stamp))
        except (BadData, ValueError, TypeError):
            return self.begin()
        return self.begin() if session.token in self._ended else session

    def begin(self, account: Account | None = None) -> Session:
        """Returns a new session; each log-in has one, so that a token from before is worth nothing."""
        name, stamp = (account.name, account.stamp) if account else (None, "")
        return Session(secrets.token_urlsafe(32), name, stamp, is_new=True)

    def end(self, session: Session) -> None:
        """Ends a session before its time, also for whoever kept its cookie."""
        now = time.monotonic()
        self._ended[session.token] = now
        while self._ended and (
            len(self._ended) > _MOST_ENDED or now - next(iter(self._ended.values())) > SESSION_SECONDS
        ):
            self._ended.popitem(last=False)

    def header(self, session: Session) -> str:
        """Returns what Set-Cookie says of a session."""
        value = self._signer.dumps([session.token, session.name, session.stamp])
        secure = "; Secure" if self._is_secure else ""
        return f"{self.cookie}={value}; Path=/; HttpOnly; SameSite=Lax{secure}"


def session_secret(home: Path) -> str:
    """Returns the secret that signs sessions, kept in the home with the passwords; a lost one is made again and ends all of them.

    Raises OSError when it can't be kept.
    """
    kept = read_passwords(home, _KEPT_UNDER).get(_SECRET)
    if kept is None:
        kept = new_password()
        keep_password(home, _KEPT_UNDER, _SECRET, kept)
    return kept
