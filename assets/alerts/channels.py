"""Channels of notices: addresses in Apprise's words, and sending one message through one of them.

Addresses hold passwords and tokens. They come from the environment or a file of the office, stay in memory, and no
part of one that its masked form leaves out is ever kept, shown or logged. Not here: what is sent, when, how often.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from warehouse_sql import messages
from warehouse_sql.masking import MASK, masked, remember

_SECONDS = 20.0
_LONGEST_ERROR = 200
_LOGGERS = ("apprise", "urllib3", "requests")
_APPRISE = {"info": "info", "warning": "warning", "critical": "failure"}
_PARTS = re.compile(r"[/:@?&=#,\s]+")


@dataclass(frozen=True)
class Message:
    """One message. `severity`: info, warning or critical; `fingerprint` travels with it."""

    subject: str
    body: str
    severity: str
    fingerprint: str


@dataclass(frozen=True)
class Channel:
    """One address. `label` stands for it in the warehouse; `trouble` says why it can't be used, in Vietnamese."""

    label: str
    service: str
    longest: int
    trouble: str | None = None
    # Out of any representation: it holds the secrets.
    plugin: Any = field(default=None, repr=False, compare=False)

    def send(self, message: Message) -> str | None:
        """Sends it and waits, at most some twenty seconds; why it failed, None when it was taken. Never raises."""
        if self.plugin is None:
            return self.trouble or messages.message("kênh không dùng được")
        try:
            return self._send(message)
        except Exception as error:  # whatever a library does, the run goes on
            return messages.message("lỗi {kind}", kind=type(error).__name__)

    def _send(self, message: Message) -> str | None:
        import apprise  # noqa: PLC0415

        headers = getattr(self.plugin, "headers", None)
        if isinstance(headers, dict):
            headers["X-Motcua-Fingerprint"] = message.fingerprint
        sender = apprise.Apprise(asset=_asset())
        sender.add(self.plugin)
        with _silent():
            result = sender.notify(
                title=message.subject,
                body=message.body,
                notify_type=_APPRISE[message.severity],
                body_format="text",
                timeout=_SECONDS,
                log_level=logging.WARNING,
            )
        if result:
            return None
        lines = [entry.message for entry in result.logs()]
        status = result.status.name.lower()
        return _without_secrets(f"{status}: {' · '.join(lines)}" if lines else status, self.plugin)


def read_channels(addresses: str | None, file: Path | None) -> list[Channel]:
    """Returns the channels of MOTCUA_NOTIFY (addresses between blanks) and of an Apprise file; one that can't be
    used says why.

    Labels are stable: they come from the masked address.
    """
    remember(*(addresses or "").split())
    channels: list[Channel] = []
    for place, address in enumerate((addresses or "").split(), start=1):
        plugin = _plugin(address)
        channels.append(
            _channel(plugin, channels)
            if plugin is not None
            else _broken(
                f"address-{place}",
                messages.message(
                    "địa chỉ thứ {place} của MOTCUA_NOTIFY không phải địa chỉ mà Apprise hiểu; hãy sửa lại",
                    place=place,
                ),
            )
        )
    return channels + (_of_file(file, channels) if file else [])


def _of_file(file: Path, before: Sequence[Channel]) -> list[Channel]:
    import apprise  # noqa: PLC0415

    if not file.is_file():
        return [
            _broken(
                "file",
                messages.message(
                    "không mở được tệp {name} của MOTCUA_NOTIFY_FILE; hãy kiểm tra đường dẫn", name=file.name
                ),
            )
        ]
    plugins = []
    with _silent(), contextlib.suppress(Exception):  # an office's file may be anything
        configuration = apprise.AppriseConfig(asset=_asset())
        configuration.add(str(file.resolve()))
        plugins = list(configuration.services())
    if not plugins:
        return [
            _broken(
                "file",
                messages.message(
                    "tệp {name} của MOTCUA_NOTIFY_FILE không có địa chỉ nào dùng được", name=file.name
                ),
            )
        ]
    channels: list[Channel] = []
    for plugin in plugins:
        channels.append(_channel(plugin, [*before, *channels]))
    return channels


def _plugin(address: str) -> Any:
    import apprise  # noqa: PLC0415

    with _silent():
        return apprise.Apprise.instantiate(address, asset=_asset(), suppress_exceptions=True)


def _channel(plugin: Any, before: Sequence[Channel]) -> Channel:
    remember(plugin.url(privacy=False))
    # What follows the question mark are options, and Apprise's own defaults: they change from version to version.
    hidden = plugin.url(privacy=True).partition("?")[0]
    digest = hashlib.sha256(hidden.encode()).hexdigest()[:6]
    label = f"{hidden.split(':')[0]}-{digest}"
    alike = sum(channel.label.rpartition("~")[0] == label or channel.label == label for channel in before)
    # Two addresses may differ in nothing but their secrets.
    label = f"{label}~{alike + 1}" if alike else label
    return Channel(label, str(plugin.service_name), int(plugin.body_maxlen), plugin=plugin)


def _broken(label: str, trouble: str) -> Channel:
    return Channel(label, "?", 0, trouble)


def _asset() -> Any:
    import apprise  # noqa: PLC0415

    return apprise.AppriseAsset(
        app_id="motcua",
        app_desc="motcua",
        app_url="",
        async_mode=False,
        secure_logging=True,
        service_timeout=_SECONDS,
        storage_mode="memory",
    )


@contextmanager
def _silent() -> Iterator[None]:
    """Meanwhile the libraries write no line anywhere: addresses stand in what they log."""
    stopped = [logging.getLogger(name) for name in _LOGGERS]
    before = [(logger.level, logger.propagate) for logger in stopped]
    for logger in stopped:
        # Apprise's own account of a call is read off its logger at this level.
        logger.setLevel(logging.WARNING)
        logger.propagate = False
    try:
        yield
    finally:
        for logger, (level, propagate) in zip(stopped, before, strict=True):
            logger.setLevel(level)
            logger.propagate = propagate


def _without_secrets(text: str, plugin: Any) -> str:
    """Returns the text without any part of the address that its masked form leaves out, and without its user."""
    hidden = plugin.url(privacy=True)
    known = set(_PARTS.split(hidden)) | set(_PARTS.split(unquote(hidden)))
    whole = plugin.url(privacy=False)
    parts = set(_PARTS.split(whole)) | set(_PARTS.split(unquote(whole)))
    for secret in sorted({*(parts - known), plugin.user or ""}, key=lambda part: (-len(part), part)):
        if len(secret) >= 3:
            text = text.replace(secret, MASK)
    return " ".join(masked(text).split())[:_LONGEST_ERROR]
