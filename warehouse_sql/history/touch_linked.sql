-- A dossier that travels under several codes is folded whole: touching one of them touches all.
create temporary table linked_code on commit drop as
select l.dossier_code, l.other_code from history.dossier_link as l
union
select l.other_code, l.dossier_code from history.dossier_link as l;

create temporary table touched_code on commit drop as
select t.dossier_code
from history.touched_dossier as t
where t.dossier_code in (select l.dossier_code from linked_code as l);

create temporary table touched_link on commit drop as
with recursive
touched as (
    select t.dossier_code from touched_code as t
    union
    select l.other_code
    from touched as t
    inner join linked_code as l on t.dossier_code = l.dossier_code
)

select t.dossier_code from touched as t;

insert into history.touched_dossier (dossier_code)
select t.dossier_code from touched_link as t
on conflict do nothing;

drop table linked_code, touched_code, touched_link;
