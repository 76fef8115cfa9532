-- Every change of report_edited into report_list. Needs report_list, report_edited.
insert into report_list (list, place, dossier_code, unit_key, unit_no, sector_no, kinds)
select 'edited', e.place, e.dossier_code, e.unit_key, e.unit_no, e.sector_no, array[e.kind]
from report_edited as e;
