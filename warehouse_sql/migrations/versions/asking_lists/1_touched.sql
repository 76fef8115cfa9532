-- Whom a list misses is now asked for when it is taken in. Of lists that wait to be looked at, all whom their source ever named.
create temporary table unchecked_source on commit drop as
select distinct f.source
from history.unchecked_list as u
inner join landing.export_file as f on u.file_id = f.file_id;

insert into history.touched_dossier (dossier_code)
select distinct v.dossier_code
from history.dossier_version as v
inner join unchecked_source as u on v.source = u.source
on conflict do nothing;

drop table history.unchecked_list;
