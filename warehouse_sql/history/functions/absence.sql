-- grain: one stretch in which complete lists did not name a dossier that they should have named, out of what was known
-- at known_at. The portals' sides are looked at apart; on the side of the province a dossier is missed by the source
-- that named it last: one that moved to another system of the province is not missed by the old one.
-- All dossiers when codes is null. seen_again_at is null while it is missing.
create function history.absence(codes text [], known_at timestamptz)
returns table (
    dossier_code text,
    is_provincial boolean,
    source text,
    last_seen_at timestamp,
    missing_from timestamp,
    seen_again_at timestamp,
    file_id bigint
)
language plpgsql stable parallel safe
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    -- More of them are not looked up one by one.
    most constant integer := 10000;
    looked_at text [] := absence.codes;
begin
    if not exists (select 1 from landing.export_file as f where f.complete_from is not null) then
        return;
    end if;
    -- Lists of a day's receptions can miss few dossiers: those that stated such a reception before. Where lists are of everything,
    -- or of long periods, that is nearly all, and nothing is gained. Lists are set against days, not against dossiers: there may be
    -- hundreds of the ones and a million of the others.
    if looked_at is null then
        looked_at := array(
            with stated as not materialized (
                select
                    v.dossier_code, v.source, coalesce(v.received_at::date, date 'infinity') as received_on, v.effective_from as stated_at
                from history.dossier_version as v
                where v.known_from <= absence.known_at
                union all
                select q.dossier_code, q.source, date 'infinity', f.effective_at
                from landing.quarantine as q
                inner join landing.export_file as f on q.file_id = f.file_id
                where q.dossier_code is not null and f.received_at <= absence.known_at
            ),

            day as materialized (
                select s.source, s.received_on, min(s.stated_at) as first_stated_at
                from stated as s
                group by s.source, s.received_on
            ),

            listed as materialized (
                select d.source, d.received_on, max(l.effective_at) as last_listed_at
                from day as d
                inner join landing.export_file as l
                    on d.source = l.source and l.complete_from is not null and l.received_at <= absence.known_at
                        and d.first_stated_at < l.effective_at and d.received_on between l.complete_from and l.complete_to
                group by d.source, d.received_on
            )

            select distinct s.dossier_code
            from stated as s
            inner join listed as l on s.source = l.source and s.received_on = l.received_on and s.stated_at < l.last_listed_at
            limit most + 1
        );
        if cardinality(looked_at) > most then
            looked_at := null;
        end if;
    end if;
    return query
    with
    named as (
        select distinct on (p.dossier_code, d.portal, p.seen_at)
            p.dossier_code, d.portal, p.source, p.seen_at
        from history.presence as p
        inner join core.dim_source as d on p.source = d.source
        where (looked_at is null or p.dossier_code = any(looked_at)) and p.known_from <= absence.known_at
        order by p.dossier_code, d.portal, p.seen_at, d.priority, p.source
    ),

    gap as (
        select
            n.*,
            lead(n.seen_at) over (partition by n.dossier_code, n.portal order by n.seen_at) as seen_again_at
        from named as n
    )

    select
        g.dossier_code,
        g.portal = 'provincial',
        g.source,
        g.seen_at,
        m.effective_at,
        g.seen_again_at,
        m.file_id
    from gap as g
    cross join lateral (
        select l.effective_at, l.file_id, l.complete_from, l.complete_to
        from landing.export_file as l
        where l.source = g.source and l.complete_from is not null and l.received_at <= absence.known_at
            and l.effective_at > g.seen_at and l.effective_at < coalesce(g.seen_again_at, 'infinity')
            -- A list of a period must name what was received in it, as the source said last before.
            and coalesce(
                (
                    select v.received_at::date
                    from history.dossier_version as v
                    where v.dossier_code = g.dossier_code and v.source = g.source and v.effective_from <= g.seen_at
                        and v.known_from <= absence.known_at and v.received_at is not null
                    order by v.effective_from desc, v.state_at desc, v.state_rank desc, v.file_rank desc
                    limit 1
                ),
                date 'infinity'
            ) between l.complete_from and l.complete_to
        order by l.effective_at, l.sha256, l.path
        limit 1
    ) as m;
end
$$;

comment on function history.absence(text [], timestamptz) is
'Where complete lists did not name a dossier any more, from when, and until it was named again. Null codes: all dossiers.';
