-- The dossiers of which something became known after a moment: of all others, what is known now was known then.
-- Null when they are so many that one may as well take all.
create function core.changed_since(known_at timestamptz)
returns text []
language plpgsql stable
set plan_cache_mode = force_custom_plan
as $$
declare
    codes text [];
    has_complete_lists boolean := exists (select 1 from landing.export_file as f where f.complete_from is not null);
begin
    if changed_since.known_at = 'infinity' then
        return '{}';
    end if;
    select array_agg(c.dossier_code) into codes
    from (
        select v.dossier_code from history.dossier_version as v where v.known_from > changed_since.known_at
        union
        select h.dossier_code from history.process_step as h where h.known_from > changed_since.known_at
        union
        -- Where lists are complete, it also matters whether a dossier was named at all, and whether it was missed.
        select p.dossier_code
        from history.presence as p
        where has_complete_lists and p.known_from > changed_since.known_at
        union
        select d.dossier_code from core.fct_dossier as d where has_complete_lists and d.vanished_at is not null
    ) as c;
    return case when cardinality(codes) < (select count(*) / 3 from core.fct_dossier) then codes end;
end
$$;

comment on function core.changed_since(timestamptz) is
'Codes of the dossiers of which something became known after a moment; null when they are more than a third of all.';
