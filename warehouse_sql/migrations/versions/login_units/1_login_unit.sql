-- grain: one login and one unit that it may see
create table ops.login_unit (
    login text not null,
    unit_code text not null,
    primary key (login, unit_code)
);
comment on table ops.login_unit is
'What readers of one district or commune may see: grain one login and unit. People state it by motcua warehouse grant; a rebuild leaves it.';
comment on column ops.login_unit.login is 'Login; one of the group of readers by unit that has no row here sees no dossier.';
comment on column ops.login_unit.unit_code is
'Code of a unit in either list of units; its communes, what they became and what that was made of go with it: ops.visible_unit().';
