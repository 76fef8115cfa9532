-- grain: one attribute of one statement about the dossier: who said what, when, in which row, and whether it stands.
-- Life attributes follow the teller of the life (tier), others the province before the national portal: the same
-- order as in the fold (assets/facts/words.py).
create function mart.dossier_trace(code text)
returns table (
    attribute text,
    value text,
    stands boolean,
    source text,
    exported_at timestamp,
    known_from timestamptz,
    file text,
    sheet text,
    row_number bigint
)
language sql stable parallel safe
as $$
with
statement as (
    select
        s.*,
        f.path,
        f.columns,
        max(s.tier) over () as life_tier,
        row_number() over (
            order by s.effective_from, s.priority desc, s.state_at, s.state_rank, s.file_rank, s.source
        ) as n
    from history.dossier_statement as s
    inner join landing.export_file as f on s.file_id = f.file_id
    where s.dossier_code = any(history.linked_codes(dossier_trace.code))
        and s.known_from <= mart.known_through()
        -- The view reads every row; of the table one sees what one may see.
        and exists (select from history.dossier_version as v where v.dossier_code = s.dossier_code)
),

statement_attribute as (
    select s.*, a.key as attribute, a.value
    from statement as s
    cross join lateral jsonb_each_text(
        to_jsonb(s) - array[
            'version_id', 'source', 'dossier_code', 'effective_from', 'state_at', 'state_rank', 'file_rank', 'known_from',
            'loaded_at', 'file_id', 'sheet', 'row_number', 'flags', 'priority', 'is_provincial', 'status_class', 'tier',
            'said_received_at', 'said_due_at', 'said_returned_at', 'said_refused_at', 'path', 'columns', 'life_tier', 'n'
        ]
    ) as a
    where a.key = any(s.columns)
),

ranked as (
    select
        t.*,
        row_number() over (
            partition by t.attribute
            order by
                -- an empty value stands only for the dates of the life: elsewhere it says nothing
                t.value is null and t.attribute not in ('received_at', 'due_at', 'returned_at', 'refused_at'),
                t.attribute in ('status', 'received_at', 'due_at', 'ended_at', 'returned_at', 'refused_at')
                and t.tier <> t.life_tier,
                t.is_provincial desc,
                t.n desc
        ) = 1 as stands
    from statement_attribute as t
)

select t.attribute, t.value, t.stands, t.source, t.effective_from, t.known_from, t.path, t.sheet, t.row_number
from (
    select r.attribute, r.value, r.stands, r.source, r.effective_from, r.known_from, r.path, r.sheet, r.row_number, r.n
    from ranked as r
    where r.value is not null or r.stands
    union all
    -- a complete list speaks of the dossiers that it does not name
    select
        'missing_since', to_jsonb(a.missing_from) #>> '{}', a.seen_again_at is null, a.source, a.missing_from, f.received_at, f.path, null, null,
        row_number() over (order by a.missing_from, a.source)
    from history.absence(array[dossier_trace.code], mart.known_through()) as a
    inner join landing.export_file as f on a.file_id = f.file_id
) as t
order by t.attribute, t.stands desc, t.n desc
$$;

comment on function mart.dossier_trace(text) is
'What every export said of one dossier: which file and row said what, when, and which word stands.';
