-- grain: one row: how far figures reach, when a run last brought them up to date, and what changes when they do.
create function mart.published()
returns table (horizon date, updated_at timestamptz, state text)
language sql stable parallel safe
as $$
select
    mart.horizon(),
    (select max(r.ended_at) from ops.run as r where r.status = 'success'),
    concat_ws(
        ' ',
        (select s.value from ops.setting as s where s.name = 'facts_change'),
        (select max(r.run_id) from ops.run as r where r.ended_at is not null),
        -- What is changed outside a run: an imported catalogue, an alert that was acknowledged, the units of an account.
        (
            select sum(t.n_tup_ins + t.n_tup_upd + t.n_tup_del)
            from pg_stat_user_tables as t
            where t.schemaname in ('landing', 'core', 'mart', 'ops') and t.relname <> 'board_access'
        )
    )
$$;

comment on function mart.published() is
'Through which day figures count (mart.horizon), when the last good run ended, and a text that is another one after every change: pages keep what they have read until it changes.';
