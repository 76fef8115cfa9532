-- grain: one change of one dossier in the snapshots of one source that needs a look, out of what was known at a moment:
-- as facts have it; and what complete lists did not name any more.
-- It says "to be checked", never more.
create function mart.edited_as_known(known_at timestamptz)
returns table (
    dossier_code text,
    source text,
    kind text,
    old_value timestamp,
    new_value timestamp,
    old_status smallint,
    new_status smallint,
    last_seen_before timestamp,
    first_seen_at timestamp,
    file_id bigint,
    row_number bigint
)
language sql stable parallel safe
as $$
-- Missing in a complete list; new_value: when it was named again.
select
    a.dossier_code,
    a.source,
    case when a.seen_again_at is null then 'vanished' else 'vanished_and_came_back' end,
    null,
    a.seen_again_at,
    null,
    null,
    a.last_seen_at,
    a.missing_from,
    a.file_id,
    null
from history.absence(null, least(edited_as_known.known_at, mart.known_through())) as a
union all
select
    e.dossier_code,
    e.source,
    e.kind,
    e.old_value,
    e.new_value,
    e.old_status,
    e.new_status,
    e.last_seen_before,
    e.first_seen_at,
    v.file_id,
    v.row_number
from core.edit_as_known(edited_as_known.known_at) as e
-- looked up by the key of the statement
cross join lateral (
    select v.file_id, v.row_number
    from history.dossier_version as v
    where v.dossier_code = e.dossier_code and v.source = e.source and v.effective_from = e.first_seen_at
        and v.state_at = e.state_at and v.state_rank = e.state_rank and v.file_rank = e.file_rank
    -- at most one; the limit keeps the look-up one by one
    order by v.version_id
    limit 1
) as v
$$;

comment on function mart.edited_as_known(timestamptz) is
'Changes in a source''s own snapshots that need a look, out of what was known at a moment; see mart.edited_after_the_fact.';
