"""Secrets kept out of every text that leaves motcua: users, passwords and tokens of addresses become `***`.

Two ways at once. Whatever looks like an address or a keyword with a secret is masked by its form, whoever wrote it.
The settings that a process was given (`mask_settings`), and every address that was opened (`remember`), are masked by
their values, in all spellings, wherever they stand: libraries take addresses apart before they complain of them.

Here: what is masked. Not here: which texts leave; each place that writes one calls `masked`.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import quote, quote_plus, unquote, unquote_plus

MASK = "***"

# Addresses whose host and path are no secret: databases, web, and what fsspec opens. Of all others (channels of
# notices) any part may be the secret, so nothing but the scheme is shown.
_PLAIN_SCHEMES = frozenset(
    [
        "postgresql",
        "postgres",
        "http",
        "https",
        "ws",
        "wss",
        "ftp",
        "ftps",
        "sftp",
        "ssh",
        "scp",
        "smb",
        "file",
        "local",
        "asynclocal",
        "memory",
        "s3",
        "s3a",
        "gs",
        "gcs",
        "oss",
        "oci",
        "az",
        "abfs",
        "abfss",
        "adl",
        "hdfs",
        "webhdfs",
        "arrow_hdfs",
        "webdav",
        "dav",
        "davs",
        "dbfs",
        "dropbox",
        "gdrive",
        "box",
        "github",
        "gist",
        "git",
        "hf",
        "zip",
        "tar",
        "libarchive",
        "dir",
        "reference",
        "generic",
        "cached",
        "filecache",
        "simplecache",
        "blockcache",
        "redis",
        "rediss",
        "socks4",
        "socks4a",
        "socks5",
        "socks5h",
        "mysql",
        "sqlite",
    ]
)
# Their "users" are keys.
_KEYED_SCHEMES = frozenset(("s3", "s3a", "gs", "gcs", "oss", "oci", "az", "abfs", "abfss", "adl"))
# Web hooks whose path is the secret.
_HOOK_HOST = re.compile(
    r"(^|\.)(hooks\.slack\.com|discord(app)?\.com|webhook\.office\.com|office\.com|logic\.azure\.com|powerplatform\.com"
    r"|api\.telegram\.org|chat\.googleapis\.com|maker\.ifttt\.com|hooks\.zapier\.com|oapi\.dingtalk\.com"
    r"|open\.larksuite\.com|open\.feishu\.cn)(:\d+)?$",
    re.IGNORECASE,
)
#: How messages of motcua show the form of an address: no secret.
_EXAMPLES = ("người_dùng:mật_khẩu@", "user:password@", "NGƯỜI_DÙNG:MẬT_KHẨU@", "USER:PASSWORD@")

_ADDRESS = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<rest>\S+)")
_BARE = re.compile(r"(?<![\w:/@.*-])[\w.%+-]{1,64}:(?!//)[^\s@/'\"]+@(?=[\w\[])")
_QUOTES = re.compile(r"[\"'<>`“”]")
_CLOSING = ".,;:)]}»"

_NAMES = (
    r"password|passwd|pwd|passphrase|passfile|sslpassword|secret|client_?secret|token|(?:access|refresh|session|auth)_?token"
    r"|api_?key|account_?key|shared_?access_?(?:key|signature)|secret_?key|secret_?access_?key|aws_?secret_?access_?key"
    r"|aws_?access_?key_?id|aws_?session_?token|x-amz-(?:signature|credential|security-token)"
    r"|x-goog-(?:signature|credential)|user|username"
)
_IN_QUERY = re.compile(
    rf"(?P<name>[?&](?:{_NAMES}|pass|key|sig|signature|sas|auth|code|login)=)[^&\s#\"'<>]*", re.IGNORECASE
)
_KEYWORD = re.compile(
    rf"(?P<name>(?<![\w-])(?:{_NAMES})\s?=\s?)(?:'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.)*\"|[^\s,;&)'\"\]}}]+)",
    re.IGNORECASE,
)
_ITEM = re.compile(
    rf"(?P<name>(?P<q>['\"])(?:{_NAMES}|key)(?P=q)\s?:\s?)(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"(?P<name>authorization['\"]?\s*[:=]\s*['\"]?(?:(?:basic|bearer|digest|negotiate|token)\s+)?)[^\s'\",;}]+",
    re.IGNORECASE,
)

# Shorter ones would hide half of every text: they are masked inside addresses only. Those of a few characters
# more are masked where they stand as a word.
_SHORTEST, _LONG = 4, 8
# Passwords that are no secret, and words that no message can do without.
_ORDINARY = frozenset(
    ("motcua", "postgres", "postgresql", "password", "localhost", "public", "admin", "root")
)

_remembered: set[str] = set()
_settings: tuple[frozenset[str], frozenset[str]] = frozenset(), frozenset()


def mask_settings(addresses: Iterable[str], values: Iterable[str] = ()) -> None:
    """From now on this process masks what is secret in these addresses, and these values as they are.

    They take the place of those that it was given before.
    """
    global _settings  # noqa: PLW0603  one process, one environment
    _settings = frozenset(addresses) - {""}, frozenset(values) - {""}


def remember(*addresses: str) -> None:
    """From now on this process masks what is secret in these addresses, wherever it stands."""
    _remembered.update(address for address in addresses if address)


def masked(text: str) -> str:
    """Returns the text without users, passwords and tokens. Masking it again changes nothing."""
    addresses, values = _settings
    secrets, users = _patterns(addresses | _remembered, values)
    # An @ at the end of a secret that was cut off belongs to the address as well.
    text = secrets.sub(lambda match: MASK + "@" * match[0].endswith("@"), text) if secrets else text
    text = _ADDRESS.sub(_masked_address, text)
    text = _BARE.sub(lambda match: f"{MASK}:{MASK}@", text)
    for pattern in (_IN_QUERY, _KEYWORD, _ITEM, _HEADER):
        text = pattern.sub(lambda match: match["name"] + MASK, text)
    return (
        users.sub(lambda match: f"{match['what']}{match['q']}{MASK}{match['q_end']}", text) if users else text
    )


def _masked_address(match: re.Match[str]) -> str:
    scheme, rest = match["scheme"], match["rest"]
    if rest.startswith(_EXAMPLES):
        return match[0]
    rest, after = _cut_at_quote(rest)
    # fsspec writes the place inside an archive before the archive's own address.
    kind = scheme.lower().partition("+")[0]
    if kind not in _PLAIN_SCHEMES:
        end = len(rest.rstrip(_CLOSING))
        return f"{scheme}://{MASK if end else ''}{rest[end:]}{after}"
    user_info, rest = _split_user_info(rest)
    if user_info is not None:
        shown = f"{MASK}:{MASK}@" if ":" in user_info else f"{MASK}@"
    else:
        shown, host = "", re.split(r"[/?#]", rest, maxsplit=1)[0]
        if re.search(r"^[^\[\]]*:(?!\d*[.,;:)\]}»]*$)", host):
            # What stands where a port should be: the password was cut, by a blank or by a library.
            shown, rest = MASK, rest[len(host) :]
    host, slash, path = rest.partition("/")
    if path and _HOOK_HOST.search(host):
        rest = f"{host}{slash}{MASK}"
    return f"{scheme}://{shown}{rest}{after}"


def _cut_at_quote(rest: str) -> tuple[str, str]:
    """Returns the address up to the quote that closes it; a quote inside a password, before any @, closes nothing."""
    for match in _QUOTES.finditer(rest):
        before = rest[: match.start()]
        if "@" in before or "@" not in rest[match.start() :]:
            return before, rest[match.start() :]
    return rest, ""


def _split_user_info(rest: str) -> tuple[str | None, str]:
    """User and password, up to the last @ before the options: a password may hold @, /, ? and #; None without any."""
    place, mark, options = rest.partition("?")
    if "@" in place:
        before, at, after = place.rpartition("@")
        after += mark + options
    else:
        before, at, after = rest.rpartition("@")
    # "host/folder/a@b.csv" has its @ in the path; "user:pa/ss@host" in the password.
    if not at or (re.search(r"[/?#]", before) and ":" not in re.split(r"[/?#]", before, maxsplit=1)[0]):
        return None, rest
    return before, after


@lru_cache(maxsize=16)
def _patterns(
    addresses: frozenset[str], values: frozenset[str]
) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    """Returns the patterns that find the secrets of these addresses, and their users behind the word "user"."""
    secrets = {spelling for value in values for spelling in spellings(value)}
    users: set[str] = set()
    for address in addresses:
        secrets |= secrets_of(address)
        users |= users_of(address)
    parts = [_as_pattern(secret) for secret in sorted(secrets, key=lambda secret: (-len(secret), secret))]
    names = "|".join(re.escape(user) for user in sorted(users, key=lambda user: (-len(user), user)))
    return (
        re.compile("|".join(parts)) if parts else None,
        re.compile(
            r"(?P<what>\b(?:user|role|login|người dùng|vai trò)\s+)"
            rf"(?P<q>[\"'“«]?)(?:{names})(?P<q_end>[\"'”»]?)(?![\w-])",
            re.IGNORECASE,
        )
        if names
        else None,
    )


def _as_pattern(secret: str) -> str:
    # Inside a longer word a short one is by chance.
    edge = r"(?<!\w)", "" if secret.endswith("@") else r"(?!\w)"
    return re.escape(secret) if len(secret) >= _LONG else f"{edge[0]}{re.escape(secret)}{edge[1]}"


def secrets_of(text: str) -> set[str]:
    """Returns the passwords and tokens of the addresses in a setting, in every spelling that a message may have."""
    secrets: set[str] = set()
    for scheme, rest in _addresses_in(text):
        user_info, after = _split_user_info(rest)
        user, colon, password = (user_info or "").partition(":")
        secrets |= _of_password(password, user)
        if scheme in _KEYED_SCHEMES or (user_info is not None and not colon and len(user) >= _LONG):
            secrets |= spellings(user)
        if re.search(r"[/?#]", user_info or ""):
            secrets |= spellings(user)  # libraries take it for the host
        if scheme not in _PLAIN_SCHEMES:
            secrets |= {spelling for part in _tokens_in(user_info, after) for spelling in spellings(part)}
    for pattern in (_IN_QUERY, _KEYWORD):
        for match in pattern.finditer(text):
            name = match["name"].strip("?& =").lower()
            if name not in ("user", "username", "login"):
                secrets |= spellings(match[0][len(match["name"]) :].strip("'\""))
    return {secret for secret in secrets if secret.strip("*") and secret.casefold() not in _ORDINARY}


def users_of(text: str) -> set[str]:
    """Returns the users of the addresses in a setting; role names of motcua and PostgreSQL's own are no secret."""
    users = {
        (_split_user_info(rest)[0] or "").partition(":")[0]
        for scheme, rest in _addresses_in(text)
        if scheme in _PLAIN_SCHEMES
    }
    spelt = {unquote(user) for user in users} | users
    return {user for user in spelt if user and not user.casefold().startswith(("motcua", "postgres"))}


def _addresses_in(text: str) -> Iterator[tuple[str, str]]:
    """Yields (scheme, rest) of each address of a setting.

    A blank in a password ends no address, so they end where the next begins.
    """
    starts = list(re.finditer(r"(?:^|(?<=[\s:]))([A-Za-z][A-Za-z0-9+.-]*)://", text))
    for place, start in enumerate(starts):
        end = starts[place + 1].start() if place + 1 < len(starts) else len(text)
        yield start[1].lower().partition("+")[0], text[start.end() : end].strip().rstrip(":")


def _of_password(password: str, user: str) -> set[str]:
    if not password:
        return set()
    spellings_of_password = spellings(password)
    pair = base64.b64encode(f"{unquote(user)}:{unquote(password)}".encode()).decode()
    spellings_of_password |= {pair, pair.rstrip("=")}
    # Libraries that cut at the first @, / or : show the rest as a host, a path or a port.
    for spelt in {password, unquote(password)}:
        spellings_of_password |= {spelt[match.end() :] + "@" for match in re.finditer("@", spelt)}
        spellings_of_password |= {part for part in re.split(r"[@/:?#\s]", spelt) if len(part) >= _SHORTEST}
    return spellings_of_password


def _tokens_in(user_info: str | None, after: str) -> Iterable[str]:
    """Yields parts of a channel's address that may be tokens: all but its host, its options and plain words."""
    place = re.split(r"[?#]", after, maxsplit=1)[0]
    for part in re.split(r"[/:@]", f"{user_info or ''}/{place}"):
        is_host = "." in part or part.isdecimal()
        is_word = re.fullmatch(r"[a-z_-]{1,15}", part)
        if len(part) >= _LONG and not is_host and not is_word:
            yield part


def spellings(secret: str) -> set[str]:
    """Returns a secret as it is, encoded for an address, decoded, and escaped as in Python and JSON."""
    spelt = {secret, unquote(secret), unquote_plus(secret)}
    spelt |= {
        spelt
        for plain in tuple(spelt)
        for spelt in (quote(plain, safe=""), quote(plain, safe="/"), quote_plus(plain), repr(plain)[1:-1])
    }
    spelt |= {json.dumps(plain)[1:-1] for plain in tuple(spelt)}
    return {spelt for spelt in spelt if len(spelt) >= _SHORTEST}
