-- The touched dossiers as known now: derived_dossier. Parameters: codes, known_at.
-- From here to the end of the transaction: the eleventh batch would else be planned for any dossiers, and take several
-- times as long.
set local plan_cache_mode = force_custom_plan;

create temporary table derived_dossier on commit drop as
select d.* from core.derive_dossier(cast(:codes as text []), cast(:known_at as timestamptz)) as d;
