-- grain: one change of one dossier in the statements of one source that needs a look, out of what was known at a moment.
-- It says "to be checked", never more. All dossiers when codes is null. core.fct_dossier_edit is this function's result as
-- known now. state_at, state_rank and file_rank: with first_seen_at the key of the statement that says the new.
create function history.edit(codes text [], known_at timestamptz)
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
    state_at timestamp,
    state_rank smallint,
    file_rank text
)
language plpgsql stable
set plan_cache_mode = force_custom_plan
-- The planner takes what the steps below make for few rows; it would loop over them.
set enable_nestloop = off
as $$
#variable_conflict use_column
declare
    picked text [] := edit.codes;
begin
    -- Putting all statements in order is dear, and nearly all are told without a change that needs a look. Of two
    -- statements that differ at least one differs from any third, so each is set beside the dossier as it stands,
    -- whatever that is; what stands out there, and only that, may be part of a change. (What the portal sends as finished
    -- while it waits is told apart below.)
    if picked is null then
        picked := array(
            select v.dossier_code
            from history.dossier_version as v
            left join core.fct_dossier as f on v.dossier_code = f.dossier_code
            cross join lateral (
                select v.status in (7, 9, 10) as is_finished, coalesce(v.ended_at, v.returned_at) as finished_at
            ) as c
            where v.known_from <= edit.known_at
                and (
                    v.received_at <> f.received_at or (v.received_at is not null and f.received_at is null)
                    or v.due_at <> f.due_at or (v.due_at is not null and f.due_at is null)
                    or v.ended_at <> f.ended_at or (v.ended_at is not null and f.ended_at is null)
                    or (c.is_finished and (c.finished_at is distinct from f.ended_at or c.finished_at > v.effective_from))
                    or (not c.is_finished and v.effective_from >= f.ended_at)
                    or (v.status in (1, 3) and v.effective_from >= f.received_at)
                    or v.received_at > v.effective_from
                    or (v.status = 9 and v.supplements <> '[]')
                )
            union
            -- said to be open still after it ended
            select v.dossier_code
            from history.dossier_version as v
            inner join history.dossier_repeat as r on v.dossier_code = r.dossier_code and v.source = r.source
            where v.dossier_code = any(array(select distinct c.dossier_code from history.dossier_repeat as c))
                and v.known_from <= edit.known_at and v.status in (7, 9, 10)
                and r.effective_from > v.ended_at and r.effective_from < v.effective_from
        );
    end if;
    return query
    with
    repeat as materialized (
        select r.dossier_code, r.source, r.effective_from
        from history.dossier_repeat as r
        inner join landing.export_file as f on r.file_id = f.file_id
        where r.dossier_code = any(picked) and f.received_at <= edit.known_at
    ),

    step as materialized (
        select
            s.dossier_code,
            s.source,
            s.effective_from,
            s.state_at,
            s.state_rank,
            s.file_rank,
            s.status,
            s.status_class as class,
            s.due_at,
            s.ended_at,
            s.received_at,
            lag(s.effective_from) over w as previous_from,
            lag(s.status_class) over w as old_class,
            lag(s.status) over w as old_status,
            lag(s.due_at) over w as old_due_at,
            lag(s.ended_at) over w as old_ended_at,
            lag(s.received_at) over w as old_received_at
        from history.dossier_statement as s
        where s.dossier_code = any(picked) and s.known_from <= edit.known_at
        window w as (
            partition by s.dossier_code, s.source order by s.effective_from, s.state_at, s.state_rank, s.file_rank
        )
    ),

    edited as (
        select s.*, 'due_moved_after_it_passed' as kind, s.old_due_at as old_value, s.due_at as new_value
        from step as s
        where s.old_class = 'processing' and s.class = 'processing' and s.due_at > s.old_due_at
            and s.old_due_at::date < s.effective_from::date
        union all
        select s.*, 'end_before_it_was_seen_open', null, s.ended_at
        from step as s
        where s.class = 'finished' and s.old_class in ('processing', 'suspended') and s.ended_at < s.previous_from
        union all
        -- the statement before was still repeated after the end
        select s.*, 'end_before_it_was_seen_open', null, s.ended_at
        from step as s
        where s.class = 'finished' and s.old_class in ('processing', 'suspended') and s.ended_at >= s.previous_from
            and exists (
                select 1
                from repeat as r
                where r.dossier_code = s.dossier_code and r.source = s.source
                    and r.effective_from > s.ended_at and r.effective_from < s.effective_from
            )
        union all
        select s.*, 'end_moved', s.old_ended_at, s.ended_at
        from step as s
        where s.class = 'finished' and s.old_class = 'finished' and s.ended_at <> s.old_ended_at
        union all
        select s.*, 'received_moved', s.old_received_at, s.received_at
        from step as s
        where s.received_at <> s.old_received_at
        union all
        select s.*, 'status_backwards', null, null
        from step as s
        where (s.old_class = 'finished' and s.class <> 'finished')
            or (s.old_class in ('processing', 'suspended') and s.class = 'not_received')
    )

    select
        e.dossier_code,
        e.source,
        e.kind,
        e.old_value,
        e.new_value,
        e.old_status,
        e.status,
        -- until when the statement before was still said: its last repeat, or itself
        greatest(
            e.previous_from,
            (
                select max(r.effective_from)
                from history.dossier_repeat as r
                inner join landing.export_file as f on r.file_id = f.file_id
                where r.dossier_code = e.dossier_code and r.source = e.source and r.effective_from < e.effective_from
                    and f.received_at <= edit.known_at
            )
        ),
        e.effective_from,
        e.state_at,
        e.state_rank,
        e.file_rank
    from edited as e;
end
$$;

comment on function history.edit(text [], timestamptz) is
'Changes in a source''s own statements that need a look, out of what was known at a moment. Null codes: all dossiers.';
