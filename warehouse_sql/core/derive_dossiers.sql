-- The touched dossiers as known now: derived_dossier. Parameters: codes, known_at.
create temporary table derived_dossier on commit drop as
select d.* from core.derive_dossier(cast(:codes as text []), cast(:known_at as timestamptz)) as d;
