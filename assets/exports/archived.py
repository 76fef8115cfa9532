"""The register of the warehouse and the manifest of the archive: what one of the two lacks is taken from the other.

A warehouse that is new or restored from a backup lacks what came since, an archive of an older version has no manifest. Here:
comparing and completing both. Not here: the replay of files that the register learns of (`intake.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC

from sqlalchemy import Connection, Engine, text

from assets.dimensions.catalogue_import import reread_catalogues
from assets.exports.clock_ahead import ACCEPTED, COUNTED, REFUSED
from assets.given.archive import Archive
from assets.given.manifest import Catalogue, Contents, Export, note_taken_in
from warehouse_sql.boundaries import reached
from warehouse_sql.errors import WarehouseError
from warehouse_sql.messages import message

_SHOWN_FILES = 5
#: Columns that no file says, as history/forget.sql leaves them.
REGISTER = """
select source, path, sha256, size_bytes, modified_ns, etag, status, error, clock_ahead,
    case when clock_ahead is null then received_at else least(received_at, loaded_at) end as received_at
from landing.export_file
order by file_id
"""
_CATALOGUES = (
    "select sha256, file_name, imported_at, valid_from from core.catalogue_import order by import_id"
)
_ADD_EXPORT = """
insert into landing.export_file (source, path, sha256, size_bytes, modified_ns, etag, received_at, clock_ahead, status)
values (:source, :path, :sha256, :size_bytes, :modified_ns, :etag, :received_at, :clock_ahead, 'loaded')
"""
_ADD_CATALOGUE = """
insert into core.catalogue_import (import_id, file_name, sha256, imported_at, valid_from, columns, row_count, unparsed_count)
select coalesce(max(import_id), 0) + 1, :file_name, :sha256, :imported_at, :valid_from, '{}', 0, 0
from core.catalogue_import
"""
# A file that was refused is taken in again; of one that counts, the next rebuild makes it true.
_ACCEPT = """
update landing.export_file
set clock_ahead = :accepted, loaded_at = case when clock_ahead = :refused then null else loaded_at end
where source = :source and path = :path and sha256 = :sha256
"""


def complete_both(engine: Engine, archive: Archive) -> int:
    """Completes register and manifest from each other. Returns the number of files that the register learned of.

    Those wait for their replay, with the arrival that the manifest states. A person's acceptance of a clock that ran ahead
    holds wherever it is known; in all else the register is right. Raises ManifestError when the manifest can't be read.
    """
    manifest = archive.manifest()
    with engine.begin() as connection:
        registered = {export.key: export for export in _exports(connection)}
        unknown = [export for key, export in manifest.exports.items() if key not in registered]
        for export in sorted(unknown, key=lambda each: each.received_at):
            connection.execute(text(_ADD_EXPORT), asdict(export))
        for export in manifest.exports.values():
            known = registered.get(export.key)
            if known and export.clock_ahead == ACCEPTED and known.clock_ahead in (REFUSED, COUNTED):
                values = asdict(export) | {"accepted": ACCEPTED, "refused": REFUSED}
                connection.execute(text(_ACCEPT), values)
        _add_catalogues(connection, archive, manifest)
    note_register(engine, archive, manifest)
    return len(unknown)


def note_register(engine: Engine, archive: Archive, manifest: Contents | None = None) -> None:
    """Notes in the manifest what the register states and the manifest does not. On disk when it returns."""
    known = archive.manifest() if manifest is None else manifest
    with engine.connect() as connection:
        exports = _exports(connection)
        catalogues = _catalogues(connection)
    noted = Counter(known.catalogues)
    note_taken_in(
        archive.root,
        [export for export in exports if known.exports.get(export.key) != export],
        (Counter(catalogues) - noted).elements(),
    )
    reached("manifest.noted")


def require_bytes(engine: Engine, archive: Archive) -> None:
    """Raises WarehouseError where the archive lacks files of which the warehouse has rows, or any file at all."""
    with engine.connect() as connection:
        rows = connection.execute(text(REGISTER)).all()
    if not rows and not archive.manifest().catalogues:
        raise WarehouseError(_nothing(sum(1 for _ in archive.hashes())))
    gone = [row.path for row in rows if row.status == "loaded" and not archive.has(row.sha256)]
    if gone:
        raise WarehouseError(
            message(
                "{count:number} tệp đã nhận không còn trong kho lưu ({files}), nên không dựng lại được những gì các tệp"
                " này nói; hãy lấy lại kho lưu, hoặc dựng lại không có chúng bằng “motcua warehouse rebuild"
                " --allow-missing”.",
                count=len(gone),
                files=_named(gone),
            )
        )


def _nothing(archived: int) -> str:
    if not archived:
        return message("Kho lưu chưa có tệp nào, không có gì để dựng lại; hãy chạy “motcua run” trước.")
    return message(
        "Kho lưu có {count:number} tệp nhưng không có sổ của chúng (nguồn, lúc đến), nên không dựng lại được; hãy khôi"
        " phục kho bằng “motcua warehouse restore”, hoặc gửi lại các tệp vào nơi nhận rồi chạy “motcua run”.",
        count=archived,
    )


def _named(paths: Sequence[str]) -> str:
    files = ", ".join(paths[:_SHOWN_FILES])
    if len(paths) <= _SHOWN_FILES:
        return files
    return message("{files}; và {count:number} tệp khác", files=files, count=len(paths) - _SHOWN_FILES)


def _exports(connection: Connection) -> list[Export]:
    return [
        Export(
            source=row.source,
            path=row.path,
            sha256=row.sha256,
            size_bytes=row.size_bytes,
            modified_ns=row.modified_ns,
            etag=row.etag,
            received_at=row.received_at.astimezone(UTC),
            clock_ahead=row.clock_ahead,
        )
        for row in connection.execute(text(REGISTER))
    ]


def _catalogues(connection: Connection) -> list[Catalogue]:
    return [
        Catalogue(row.sha256, row.file_name, row.imported_at.astimezone(UTC), row.valid_from)
        for row in connection.execute(text(_CATALOGUES))
    ]


def _add_catalogues(connection: Connection, archive: Archive, manifest: Contents) -> None:
    unknown = list((Counter(manifest.catalogues) - Counter(_catalogues(connection))).elements())
    _insert(connection, sorted(unknown, key=lambda each: each.imported_at))
    if unknown:
        reread_catalogues(connection, archive)


def _insert(connection: Connection, catalogues: Iterable[Catalogue]) -> None:
    for catalogue in catalogues:
        connection.execute(text(_ADD_CATALOGUE), asdict(catalogue))
