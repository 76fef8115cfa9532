-- grain: one person who may log in to the board
create table ops.board_account (
    name text primary key check (name ~ '^[a-z][a-z0-9_.-]{0,62}$'),
    password_hash text not null check (starts_with(password_hash, '$argon2id$')),
    sees_every_unit boolean not null,
    may_acknowledge boolean not null,
    made_at timestamptz not null,
    closed_at timestamptz
);
comment on table ops.board_account is
'Accounts of the board: grain one person who logs in there. People state it by motcua board account; a rebuild leaves it. Analysts may not read it.';
comment on column ops.board_account.name is 'Name of the account; ops.login_unit has its units under board: and this name.';
comment on column ops.board_account.password_hash is 'Argon2id hash of the password, with its salt and parameters.';
comment on column ops.board_account.sees_every_unit is 'Whether the account sees all units; otherwise those of ops.login_unit alone.';
comment on column ops.board_account.may_acknowledge is 'Whether the account may acknowledge and silence alerts.';
comment on column ops.board_account.made_at is 'When the account was made.';
comment on column ops.board_account.closed_at is 'When the account was closed, which ends its sessions; null while it is open.';

-- grain: one time that somebody opened the card of a dossier
create table ops.board_access (
    access_id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    account text not null,
    dossier_code text not null
);
create index on ops.board_access (dossier_code, at);
create index on ops.board_access (at);
comment on table ops.board_access is
'Who looked at which dossier on the board: grain one time that the card of a dossier was opened. Rows are only ever added; motcua board account log shows them.';
comment on column ops.board_access.access_id is 'Key.';
comment on column ops.board_access.at is 'When.';
comment on column ops.board_access.account is
'Account of the board; on a board without accounts, the user of the machine that runs it.';
comment on column ops.board_access.dossier_code is 'Code of the dossier whose card was opened.';
