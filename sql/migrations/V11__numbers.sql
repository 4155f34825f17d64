-- Whose a number is that callers call, and which flow answers there.
create table numbers (
    organization_id text not null,
    number text not null check (number ~ '^\+[1-9][0-9]{6,14}$'),
    -- a file of flows or the id of a flow, as a job's metadata names it; null: the default flow
    flow text check (flow <> ''),
    -- what becomes of callers who withhold their number
    withheld text not null default 'answer' check (withheld in ('answer', 'reject')),
    -- what callers hear who are turned away; null: they are not answered
    refusal_flow text check (refusal_flow <> ''),
    note text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (organization_id, number)
);
-- A number leads to one organization.
create unique index ux_numbers_number on numbers (number);

-- Callers an organization does not answer, by the keyed hash of their number: as with the tombstones of erasures, who is
-- erased stays blocked, and the note about them goes.
create table blocked_callers (
    organization_id text not null,
    number_hash text not null check (number_hash ~ '^[0-9a-f]{32}$'),
    note text,
    created_at timestamptz not null default now(),
    primary key (organization_id, number_hash)
);

do $$
declare t text;
begin
    foreach t in array array['numbers', 'blocked_callers'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy organization on %I using (organization_id = organization())'
            ' with check (organization_id = organization())', t);
    end loop;
end $$;
grant select, insert, update, delete on numbers, blocked_callers to recaller_worker;

-- As for the sweep of V6: for the function below only.
create policy sweep on numbers for select to current_user using (current_setting('recaller.sweep', true) = 'on');

-- A call learns by the number called whose it is, of this one number and before it knows any organization.
create function number_called(called text)
    returns table (organization_id text, flow text, withheld text, refusal_flow text) language plpgsql volatile
    security definer set search_path = recaller, pg_temp
    as $$
        begin
            perform set_config('recaller.sweep', 'on', true);
            return query select n.organization_id, n.flow, n.withheld, n.refusal_flow from numbers n
                where n.number = called;
            perform set_config('recaller.sweep', '', true);
        end
    $$;
revoke all on function number_called(text) from public;
grant execute on function number_called(text) to recaller_worker;

-- What the carrier calls the call: Telnyx's call leg and session, Twilio's call.
alter table calls add column carrier_call_id text, add column carrier_session_id text;
