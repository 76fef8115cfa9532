"""A JSON export as records: unpacked, decoded, its envelope opened, whatever the bytes are."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from assets.given.encodings import holds_text_decoded_twice, mended_text, remark_on_decoding
from assets.given.unreadable import InDoubtError, UnreadableExportError
from warehouse_sql.messages import message

#: A portal's page of JSON is a few hundred MB at most; more is a bomb or the wrong file.
MAX_JSON_BYTES = 1024**3
#: Exports pack 5 to 40 times; a file that is large and packed tighter than this is a bomb.
MAX_RATIO, RATIO_FROM_BYTES = 200, 64 * 1024**2
#: Values, objects and lists: each takes memory of its own, however few bytes it is written in.
MAX_JSON_VALUES = 50_000_000
_CHUNK = 1024**2
_MARK_DECODED_TWICE = "\u00ef\u00bb\u00bf".encode()
_GZIP_MAGIC = b"\x1f\x8b"
_AGAIN = message("hãy xuất lại từ cổng và gửi lại tệp")


def load_json(content: bytes, limit: int = MAX_JSON_BYTES) -> tuple[Any, list[str]]:
    """Returns the JSON value in `content`, gzip-packed or not, and a remark where texts had been decoded twice and
    are mended.
    """
    plain = _plain(content, limit).removeprefix(_MARK_DECODED_TWICE)
    value = _decoded(plain)
    if not holds_text_decoded_twice(plain):
        return value, []
    mended = _mend_texts(value)
    return value, [remark_on_decoding(mended, message("giá trị"))] if mended else []


def _mend_texts(value: Any) -> int:
    """Mends the texts in lists and objects in place; how many there were."""
    count = 0
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        entries = (
            holder.items()
            if isinstance(holder, dict)
            else enumerate(holder)
            if isinstance(holder, list)
            else ()
        )
        for name, item in list(entries):
            if isinstance(item, (dict, list)):
                waiting.append(item)
            elif isinstance(item, str) and (whole := mended_text(item)) != item:
                holder[name] = whole
                count += 1
    return count


def _plain(content: bytes, limit: int) -> bytes:
    if not content:
        raise UnreadableExportError(message("Tệp rỗng, không có dữ liệu; {again}.", again=_AGAIN))
    plain = bytes(_joined(unpacked(content, limit))) if is_packed(content) else content
    if len(plain) > limit:
        raise _too_large(limit)
    if sum(map(plain.count, (b",", b"[", b"{"))) > MAX_JSON_VALUES:
        raise UnreadableExportError(
            message(
                "Tệp JSON có quá {limit:number} giá trị; hãy xuất theo kỳ ngắn hơn rồi gửi lại.",
                limit=MAX_JSON_VALUES,
            )
        )
    if not plain or plain.isspace():
        raise UnreadableExportError(message("Tệp không có dữ liệu; {again}.", again=_AGAIN))
    return plain


def records_of(values: list[Any]) -> list[dict[str, Any]]:
    """Returns one record for every item of the list; an item that is no object has no fields, but is a row."""
    return [value if isinstance(value, dict) else {} for value in values]


def values_by_name(records: Sequence[Mapping[str, Any]], names: Iterable[str]) -> dict[str, list[Any]]:
    """Returns what each record says in each of these fields, None where it says nothing."""
    return {name: [record.get(name) for record in records] for name in names}


def objects_in(value: object) -> list[dict[str, Any]]:
    """Returns the objects of a nested list that may be missing, null or of another type."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def other_form(expected: str) -> UnreadableExportError:
    """Returns the error for JSON that is not what this source writes."""
    return UnreadableExportError(
        message(
            "Tệp JSON không đúng dạng: cần {expected}; {again} của đúng cổng này.",
            expected=expected,
            again=_AGAIN,
        )
    )


def must_share_a_key(
    values: list[Any], known: frozenset[str], expected: str, *, is_whole: bool = True
) -> None:
    """Refuses a list whose records have keys, but none of this portal's: another portal's file.

    Raises InDoubtError where only the first records are given, and none of them tells.
    """
    named = [record for record in records_of(values) if record]
    if any(known & record.keys() for record in named):
        return
    if not is_whole:
        raise InDoubtError
    if named:
        raise other_form(expected)


def is_bomb(packed: int, unpacked: int) -> bool:
    """Returns whether so many bytes out of so few are more than an export can be."""
    return unpacked > RATIO_FROM_BYTES and unpacked > packed * MAX_RATIO


def bomb(unpacked: int) -> UnreadableExportError:
    """Returns the error for a file that is packed tighter than an export can be."""
    return UnreadableExportError(
        message(
            "Tệp nén bất thường (giải nén ra hơn {unpacked:number} byte, gấp trên {ratio} lần); {again}.",
            unpacked=unpacked,
            ratio=MAX_RATIO,
            again=_AGAIN,
        )
    )


def _too_large(limit: int) -> UnreadableExportError:
    return UnreadableExportError(
        message(
            "Tệp giải nén ra quá {limit:number} byte là giới hạn cho phép; hãy xuất theo kỳ ngắn hơn rồi gửi "
            "lại.",
            limit=limit,
        )
    )


def _joined(chunks: Iterator[bytes]) -> bytearray:
    whole = bytearray()
    for chunk in chunks:
        whole += chunk
    return whole


def unpacked(content: bytes, limit: int, chunk_bytes: int = _CHUNK) -> Iterator[bytes]:
    """Yields what is in gzip-packed bytes. Raises UnreadableExportError where that is broken or no export can be so large."""
    size = 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            while chunk := packed.read(chunk_bytes):
                size += len(chunk)
                if size > limit:
                    raise _too_large(limit)
                if is_bomb(len(content), size):
                    raise bomb(size)
                yield chunk
    except EOFError as error:
        raise UnreadableExportError(message("Tệp nén gzip bị cắt cụt; {again}.", again=_AGAIN)) from error
    except (OSError, zlib.error) as error:
        raise UnreadableExportError(message("Tệp nén gzip bị hỏng; {again}.", again=_AGAIN)) from error


def is_packed(content: bytes) -> bool:
    """Returns whether the bytes begin as gzip does."""
    return content.startswith(_GZIP_MAGIC)


def _decoded(plain: bytes) -> Any:
    # `from None` throughout: the decoder's own errors carry the whole text, names of citizens included.
    try:
        return json.loads(plain)
    except json.JSONDecodeError as error:
        place = message("dòng {line}, cột {column}", line=error.lineno, column=error.colno)
        raise UnreadableExportError(
            message("Tệp JSON bị cắt cụt hoặc sai cú pháp ở {place}; {again}.", place=place, again=_AGAIN)
        ) from None
    except UnicodeDecodeError as error:
        place = message("byte thứ {number}", number=error.start + 1)
        raise UnreadableExportError(
            message("Tệp JSON không phải mã UTF-8 (sai ở {place}); {again}.", place=place, again=_AGAIN)
        ) from None
    except ValueError:
        raise UnreadableExportError(message("Tệp JSON có con số quá dài; {again}.", again=_AGAIN)) from None
    except (RecursionError, MemoryError):
        raise UnreadableExportError(
            message("Tệp JSON lồng nhau quá sâu hoặc quá lớn; {again}.", again=_AGAIN)
        ) from None
