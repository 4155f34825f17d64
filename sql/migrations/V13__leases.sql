-- Which worker holds a telephone call that goes on. It renews that twice a second; a lease that is over says that the worker was
-- lost, and the first other one to take it goes on with the call. Gone when the call's end is written, or with its caller.
create table call_leases (
    organization_id text not null,
    call_id uuid not null,
    -- a worker's process
    holder uuid not null,
    held_until timestamptz not null,
    -- what the call was begun with: contains the caller's number, and all of it goes with the call
    room text not null,
    room_sid text not null,
    metadata text not null,
    primary key (organization_id, call_id),
    foreign key (organization_id, call_id) references calls (organization_id, id) on delete cascade
) with (fillfactor = 50);

alter table call_leases enable row level security;
alter table call_leases force row level security;
create policy organization on call_leases using (organization_id = organization())
    with check (organization_id = organization());
grant select, insert, update, delete on call_leases to recaller_worker;
revoke select on call_leases from recaller_reader;
grant select (organization_id, call_id, holder, held_until) on call_leases to recaller_reader;

-- As for the sweep of V6: for the functions below only.
create policy sweep on call_leases for select to current_user using (current_setting('recaller.sweep', true) = 'on');
create policy renew on call_leases for update to current_user using (current_setting('recaller.sweep', true) = 'on');

-- Holds the calls of a worker for so long from now; returns those of them that somebody else has.
create function renew_leases(worker uuid, lasts interval, calls uuid[]) returns setof uuid language plpgsql volatile
    security definer set search_path = recaller, pg_temp
    as $$
        begin
            perform set_config('recaller.sweep', 'on', true);
            update call_leases set held_until = clock_timestamp() + lasts where holder = worker and call_id = any (calls);
            return query select l.call_id from call_leases l where l.holder <> worker and l.call_id = any (calls);
            perform set_config('recaller.sweep', '', true);
        end
    $$;

-- Calls whose worker was lost, and whose they are; the longest lost first, and at most so many.
create function lost_leases(at_most integer) returns table (organization_id text, call_id uuid, room text, room_sid text)
    language plpgsql volatile security definer set search_path = recaller, pg_temp
    as $$
        begin
            perform set_config('recaller.sweep', 'on', true);
            return query select l.organization_id, l.call_id, l.room, l.room_sid from call_leases l
                where l.held_until < clock_timestamp() order by l.held_until limit at_most;
            perform set_config('recaller.sweep', '', true);
        end
    $$;
revoke all on function renew_leases(uuid, interval, uuid[]), lost_leases(integer) from public;
grant execute on function renew_leases(uuid, interval, uuid[]), lost_leases(integer) to recaller_worker;
