-- grain: one file that named a dossier, refused rows included: what its row said may be unusable, but it was there.
-- It reads with the rights of whoever asks: so a function of the marts sees the rows of its caller's units alone.
create view history.presence with (security_invoker = true) as
select
    v.dossier_code,
    v.source,
    v.effective_from as seen_at,
    v.known_from
from history.dossier_version as v
union all
select
    r.dossier_code,
    r.source,
    r.effective_from,
    f.received_at
from history.dossier_repeat as r
inner join landing.export_file as f on r.file_id = f.file_id
union all
select
    q.dossier_code,
    q.source,
    f.effective_at,
    f.received_at
from landing.quarantine as q
inner join landing.export_file as f on q.file_id = f.file_id
where q.dossier_code is not null and f.kind = 'dossiers';

comment on view history.presence is
'When a source named a dossier at all: grain one file that did, refused rows included.';
comment on column history.presence.dossier_code is 'Dossier code.';
comment on column history.presence.source is 'Who named it.';
comment on column history.presence.seen_at is 'Moment of the export, local time.';
comment on column history.presence.known_from is 'Known time: arrival of the file.';
