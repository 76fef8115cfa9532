-- grain: one dossier for the time in which this was what was known of it, past times included, as core.fct_dossier_all.
-- The one definition of what QĐ 766/QĐ-TTg asks of a dossier's service; null: no source states it, or it is not asked of this
-- dossier. Indicators, reports and mart.dossier read it here.
create view core.dossier_service as
select
    f.*,
    c.is_online,
    p.is_fee_bearing,
    p.gives_paper_result,
    -- 3.3: a procedure with a result on paper counts as online only with an electronic result
    case when not c.is_online then false when p.gives_paper_result then f.has_electronic_result else true end as is_fully_online,
    -- 3.6: of procedures with a fee, without dossiers of which every fee is 0
    coalesce(p.is_fee_bearing, true) and coalesce(f.fee_amount, 1) <> 0 as owes_payment,
    case
        when not p.is_fee_bearing or f.fee_amount = 0 then null
        when f.payment_online in (1, 2) then true
        when f.fee_amount is not null or p.is_fee_bearing then f.payment_online in (1, 2)
    end as is_paid_online,
    -- 4.1: of procedures with a result on paper
    coalesce(p.gives_paper_result, true) as owes_electronic_result,
    case when coalesce(p.gives_paper_result, true) then f.has_electronic_result end as is_answered_electronically,
    -- 4.2
    f.is_digitised and f.has_electronic_result as is_wholly_digitised
from core.fct_dossier_all as f
left join core.dim_channel as c on f.channel = c.channel
left join core.dim_procedure as p on f.procedure_key = p.procedure_key;

comment on view core.dossier_service is
'Facts of dossiers with what QĐ 766/QĐ-TTg asks of their service, the one definition of payment online, digitisation and electronic result: grain one dossier for the time from known_from to known_to (infinity: known now). What is asked of dossiers that are finished is asked of those that are. Null: no source states it, or it is not asked of this dossier.';
comment on column core.dossier_service.is_online is 'The channel counts as online.';
comment on column core.dossier_service.is_fee_bearing is 'The procedure has a fee; null where no catalogue states it.';
comment on column core.dossier_service.gives_paper_result is 'The result of the procedure is a paper; null where no catalogue states it.';
comment on column core.dossier_service.is_fully_online is 'Indicator 3.3: submitted online, and, where the result is a paper, answered electronically.';
comment on column core.dossier_service.owes_payment is 'Indicator 3.6 asks it of this dossier: its procedure has a fee, and not every fee of it is 0; a procedure of which no catalogue states it counts as one with a fee.';
comment on column core.dossier_service.is_paid_online is 'Indicator 3.6: paid online (payment_online 1 or 2).';
comment on column core.dossier_service.owes_electronic_result is 'Indicator 4.1 asks it of this dossier once it is finished: the result is a paper, or no catalogue states it.';
comment on column core.dossier_service.is_answered_electronically is 'Indicator 4.1: has an electronic result.';
comment on column core.dossier_service.is_wholly_digitised is 'Indicator 4.2: has digitised papers and an electronic result. Digitised papers alone, indicator 4.3, are is_digitised.';
