-- grain: one row, the number of dossiers that the next run derives.
select count(*) as dossiers from history.touched_dossier;
