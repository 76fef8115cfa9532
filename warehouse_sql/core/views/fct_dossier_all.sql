-- grain: one dossier for the time in which this was what was known of it, past times included.
create view core.fct_dossier_all as
select * from core.fct_dossier
union all
select * from core.fct_dossier_past;

comment on view core.fct_dossier_all is
'core.fct_dossier with what was known before: grain one dossier for the time from known_from to known_to.';
