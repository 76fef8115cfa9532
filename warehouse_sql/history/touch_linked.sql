-- A dossier that travels under several codes is folded whole: touching one of them touches all.
insert into history.touched_dossier (dossier_code)
with recursive
linked as materialized (
    select l.dossier_code, l.other_code from history.dossier_link as l
    union
    select l.other_code, l.dossier_code from history.dossier_link as l
),

touched as (
    select t.dossier_code
    from history.touched_dossier as t
    where t.dossier_code in (select l.dossier_code from linked as l)
    union
    select l.other_code
    from touched as t
    inner join linked as l on t.dossier_code = l.dossier_code
)

select t.dossier_code from touched as t
on conflict do nothing;
