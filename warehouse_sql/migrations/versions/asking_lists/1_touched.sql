-- Dossiers that a list misses are looked for when it is taken in, and no list waits any more. For a list that still waits, all
-- dossiers that its source ever named are folded again.
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
