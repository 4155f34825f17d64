-- What the telephone network answered when we dialled and nobody picked up, in SIP's numbers; null: it said nothing, or we
-- did not dial.
alter table calls add column sip_status integer check (sip_status between 100 and 699);
