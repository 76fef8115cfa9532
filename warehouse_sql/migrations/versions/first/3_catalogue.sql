-- The catalogue of procedures: files that were taken over, what they say, and the procedures through time.
-- grain: one catalogue file that was taken over
create table core.catalogue_import (
    import_id integer primary key,
    file_name text not null,
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    imported_at timestamptz not null,
    valid_from date not null,
    columns text[] not null,
    row_count integer not null,
    unparsed_count integer not null
);
comment on table core.catalogue_import is
'Catalogues of procedures that were taken over: grain one file. The archive keeps its bytes under the SHA-256; of two from one day the later one stands.';
comment on column core.catalogue_import.import_id is 'Place in the order of taking over, from 1.';
comment on column core.catalogue_import.file_name is 'Name of the file, without its folder.';
comment on column core.catalogue_import.sha256 is 'SHA-256 of the bytes; the archive keeps the file under this name.';
comment on column core.catalogue_import.imported_at is 'When it was taken over: the known time of all it says.';
comment on column core.catalogue_import.valid_from is 'First day on which it holds.';
comment on column core.catalogue_import.columns is 'Columns of core.dim_procedure that the file speaks of; the others stay what they were.';
comment on column core.catalogue_import.row_count is 'Procedures in it.';
comment on column core.catalogue_import.unparsed_count is 'Time limits in it that could not be read.';

-- grain: one procedure in one catalogue file
create table core.catalogue_entry (
    import_id integer not null references core.catalogue_import,
    procedure_code text not null,
    procedure_name text,
    field_code text,
    field_name text,
    level text,
    service_level text,
    limit_value double precision,
    limit_unit text,
    online_limit_value double precision,
    online_limit_unit text,
    is_fee_bearing boolean,
    gives_paper_result boolean,
    decision text,
    local_codes text[] not null default '{}',
    limit_said text,
    primary key (import_id, procedure_code)
);
comment on table core.catalogue_entry is
'What each catalogue file says: grain one procedure in one file. core.dim_procedure is made of it; a rebuild reads it from the archive again.';
comment on column core.catalogue_entry.import_id is 'The file, core.catalogue_import.';
comment on column core.catalogue_entry.procedure_code is 'Core of the code, d.dddddd.';
comment on column core.catalogue_entry.procedure_name is 'Name.';
comment on column core.catalogue_entry.field_code is 'Field (lĩnh vực) code.';
comment on column core.catalogue_entry.field_name is 'Field name.';
comment on column core.catalogue_entry.level is 'As in core.dim_procedure.';
comment on column core.catalogue_entry.service_level is 'As in core.dim_procedure.';
comment on column core.catalogue_entry.limit_value is 'Time limit; null when there is none or it could not be read.';
comment on column core.catalogue_entry.limit_unit is 'working_day, day or hour.';
comment on column core.catalogue_entry.online_limit_value is 'Time limit of the online channel.';
comment on column core.catalogue_entry.online_limit_unit is 'working_day, day or hour.';
comment on column core.catalogue_entry.is_fee_bearing is 'Fees are charged.';
comment on column core.catalogue_entry.gives_paper_result is 'The result is a paper.';
comment on column core.catalogue_entry.decision is 'Decision that published it.';
comment on column core.catalogue_entry.local_codes is 'Codes as written, where longer than the core.';
comment on column core.catalogue_entry.limit_said is 'Time limit as written.';

-- grain: one procedure from one day on
create table core.dim_procedure (
    procedure_code text not null,
    valid_from date not null default date '1900-01-01',
    valid_to date not null default date '9999-12-31',
    procedure_name text not null,
    field_code text,
    field_name text,
    level text,
    service_level text check (service_level in ('full', 'partial', 'information')),
    limit_value double precision check (limit_value >= 0),
    limit_unit text check (limit_unit in ('working_day', 'day', 'hour')),
    online_limit_value double precision check (online_limit_value >= 0),
    online_limit_unit text check (online_limit_unit in ('working_day', 'day', 'hour')),
    is_fee_bearing boolean,
    gives_paper_result boolean,
    decision text,
    local_codes text[] not null default '{}',
    import_id integer references core.catalogue_import,
    is_last boolean not null default true,
    is_inferred boolean not null default false,
    primary key (procedure_code, valid_from),
    check (valid_from < valid_to),
    check ((limit_value is null) = (limit_unit is null)),
    check ((online_limit_value is null) = (online_limit_unit is null))
);
create unique index on core.dim_procedure (procedure_code) where is_last;
comment on table core.dim_procedure is
'Administrative procedures: grain one 8-character core of the code from one day on. Where nothing but the code counts, join is_last; for the day of reception see core.dossier_procedure.';
comment on column core.dim_procedure.procedure_code is 'Core of the code, d.dddddd; x-… for a procedure known by name only.';
comment on column core.dim_procedure.valid_from is 'First day; 1900-01-01 for what motcua starts with and for inferred ones.';
comment on column core.dim_procedure.valid_to is 'Day after the last; 9999-12-31 while in force.';
comment on column core.dim_procedure.procedure_name is 'Name.';
comment on column core.dim_procedure.field_code is 'Field (lĩnh vực) code.';
comment on column core.dim_procedure.field_name is 'Field name.';
comment on column core.dim_procedure.level is 'Levels that carry it out: ministry, province, district, commune, other; several are joined by a comma.';
comment on column core.dim_procedure.service_level is 'Online service: full (toàn trình), partial (một phần) or information (cung cấp thông tin).';
comment on column core.dim_procedure.limit_value is 'Time limit; 0 means the same day.';
comment on column core.dim_procedure.limit_unit is 'working_day, day or hour.';
comment on column core.dim_procedure.online_limit_value is 'Time limit of the online channel where it differs; null: as limit_value.';
comment on column core.dim_procedure.online_limit_unit is 'working_day, day or hour.';
comment on column core.dim_procedure.is_fee_bearing is 'Fees are charged; null when no catalogue says.';
comment on column core.dim_procedure.gives_paper_result is 'The result is a paper; null when no catalogue says.';
comment on column core.dim_procedure.decision is 'Decision that published it (quyết định công bố).';
comment on column core.dim_procedure.local_codes is 'Codes as the catalogue writes them, where longer than the core: 1.001193.000.00.00.H01.';
comment on column core.dim_procedure.import_id is 'The catalogue that first said so, core.catalogue_import; null: what motcua starts with, or inferred.';
comment on column core.dim_procedure.is_last is 'The last of its procedure: in force, or what it ended with. One per code.';
comment on column core.dim_procedure.is_inferred is 'Met in an export but in no catalogue: see mart.unknown_procedure.';
