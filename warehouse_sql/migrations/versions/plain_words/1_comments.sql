comment on column ops.run.dossiers_derived is 'Dossiers whose facts were derived again.';
