-- Folded again: dossiers under several codes, of which arrivals were left out, and those that waited or had ended, and then went on.
insert into history.touched_dossier (dossier_code)
select d.dossier_code
from core.fct_dossier as d
where d.other_codes <> '{}'
union
select s.dossier_code
from core.fct_dossier_span as s
where s.state in ('suspended', 'resolved', 'withdrawn') and s.valid_to < 'infinity'
on conflict do nothing;
