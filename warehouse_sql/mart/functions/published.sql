-- grain: one row: how far figures reach, when a run last brought them up to date, and what changes when they do.
create function mart.published()
returns table (horizon date, updated_at timestamptz, state text)
language sql stable parallel safe
as $$
select
    landing.horizon(),
    (select max(r.ended_at) from ops.run as r where r.status = 'success'),
    concat_ws(
        ' ',
        (select s.value from ops.setting as s where s.name = 'facts_change'),
        (select max(r.run_id) from ops.run as r where r.ended_at is not null)
    )
$$;

comment on function mart.published() is
'Through which day figures count (mart.horizon), when the last good run ended, and a text that is another one after every change of facts and every run: pages keep what they have read until it changes.';
