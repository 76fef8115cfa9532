-- Few of all dossiers are open, or finished and not handed over; whoever asks for these must not read the others.
create index fct_dossier_open on core.fct_dossier (unit_key) where state in ('processing', 'suspended');
create index fct_dossier_not_handed_over on core.fct_dossier (unit_key) where state = 'resolved' and status = 9 and returned_at is null;
