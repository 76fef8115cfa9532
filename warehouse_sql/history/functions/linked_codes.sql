-- All codes under which one dossier travels, the one asked for among them.
create function history.linked_codes(code text)
returns text []
language plpgsql stable parallel safe
as $$
declare
    codes text [] := array[linked_codes.code];
    further text [];
begin
    loop
        select array_agg(distinct c.code) into further
        from (
            select unnest(codes) as code
            union
            select v.other_code from history.dossier_version as v where v.dossier_code = any(codes) and v.other_code is not null
            union
            select v.dossier_code from history.dossier_version as v where v.other_code is not null and v.other_code = any(codes)
        ) as c;
        exit when cardinality(further) = cardinality(codes);
        codes := further;
    end loop;
    return codes;
end
$$;

comment on function history.linked_codes(text) is
'All codes under which a dossier travels, history.dossier_link; the one asked for among them.';
