-- grain: one dossier and another code that a source gives for it.
create view history.dossier_link as
select
    v.dossier_code,
    v.other_code,
    min(v.known_from) as known_from
from history.dossier_version as v
where v.other_code is not null and v.other_code <> v.dossier_code
group by v.dossier_code, v.other_code;

comment on view history.dossier_link is
'Codes under which one dossier travels (MaHoSoKhac): grain one dossier and another code that a source gives for it.';
comment on column history.dossier_link.dossier_code is 'Code under which the source names it.';
comment on column history.dossier_link.other_code is 'Another code of the same dossier.';
comment on column history.dossier_link.known_from is 'Known time: arrival of the first file that says so.';
