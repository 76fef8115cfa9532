-- grain: one row: how far figures reach, when a run last brought them up to date, and what changes when they do.
create function mart.published()
returns table (horizon date, updated_at timestamptz, state text, alerts text)
language sql stable parallel safe
as $$
select
    mart.horizon(),
    (select max(r.ended_at) from ops.run as r where r.status = 'success'),
    concat_ws(
        ' ',
        (select s.value from ops.setting as s where s.name = 'facts_change'),
        (select max(r.run_id) from ops.run as r where r.ended_at is not null),
        -- What is changed outside a run: an imported catalogue, the units of an account. What a run lays down for itself is shown nowhere.
        (
            select sum(t.n_tup_ins + t.n_tup_upd + t.n_tup_del)
            from pg_stat_user_tables as t
            where t.schemaname in ('landing', 'core', 'mart', 'ops')
                and t.relname not like 'staged\_%'
                and t.relname not in (
                    'alert', 'alert_event', 'board_access', 'bucket_dossier', 'notice', 'run', 'run_step', 'touched_cell', 'unchecked_dossier'
                )
        )
    ),
    (
        select coalesce(sum(t.n_tup_ins + t.n_tup_upd + t.n_tup_del), 0)::text
        from pg_stat_user_tables as t
        where t.schemaname = 'ops' and t.relname = 'alert'
    )
$$;

comment on function mart.published() is
'Through which day figures count (mart.horizon), when the last good run ended, and texts that are other ones after every change of figures or lists (state) and of alerts (alerts): pages keep what they have read until they change.';
