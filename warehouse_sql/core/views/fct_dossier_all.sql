-- grain: one dossier for the time in which this was what was known of it, past times included.
create view core.fct_dossier_all as
select * from core.fct_dossier
union all
select * from core.fct_dossier_past;

comment on view core.fct_dossier_all is
'core.fct_dossier with what was known before: grain one dossier for the time from known_from to known_to.';
do $$
declare
    line text;
begin
    for line in
        select format('comment on column core.fct_dossier_all.%I is %L', a.attname, col_description(a.attrelid, a.attnum))
        from pg_attribute as a
        where a.attrelid = 'core.fct_dossier'::regclass and a.attnum > 0 and not a.attisdropped
    loop
        execute line;
    end loop;
end
$$;
