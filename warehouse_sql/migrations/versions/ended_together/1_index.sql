-- Who of a unit ended in the same second is looked up for each dossier that changed, instead of counting all dossiers.
drop index core.fct_dossier_unit_code_unit_valid_from_idx;
create index fct_dossier_unit_ended on core.fct_dossier (unit_code, unit_valid_from, ended_at);
