-- Where the recording of a call is kept: two files, audio and transcript, that the database cannot delete itself. When the
-- call goes, by retention or because its caller is erased, the row stays without it: the worker then deletes the files, and
-- only after them the row.
create table recordings (
    organization_id text not null,
    -- the call's, for good
    id uuid not null,
    -- null: the call is gone, and the files are to go
    call_id uuid,
    -- which folder or bucket, and the files' name in it without its ending
    storage text not null,
    object text not null,
    started_at timestamptz not null,
    -- null: the files are still with the worker that records or recorded the call
    stored_at timestamptz,
    duration_ms bigint,
    bytes bigint,
    created_at timestamptz not null default now(),
    primary key (organization_id, id),
    foreign key (organization_id, call_id) references calls (organization_id, id) on delete set null (call_id)
);
create index idx_recordings_call on recordings (organization_id, call_id);
create index idx_recordings_started on recordings (organization_id, started_at);
create index idx_recordings_without_call on recordings (organization_id) where call_id is null;

alter table recordings enable row level security;
alter table recordings force row level security;
create policy organization on recordings using (organization_id = organization())
    with check (organization_id = organization());
-- As for the sweep of V6: for the function below only.
create policy sweep on recordings for select to current_user using (current_setting('recaller.sweep', true) = 'on');
grant select, insert, delete, update (call_id, stored_at, duration_ms, bytes) on recordings to recaller_worker;

-- The next organization with recordings whose files are to go; null: there is none. Ids, nothing else.
create function next_organization_with_recordings_to_delete(after text) returns text language plpgsql volatile
    security definer set search_path = recaller, pg_temp
    as $$
        declare
            found text;
        begin
            perform set_config('recaller.sweep', 'on', true);
            select min(organization_id) into found from recordings where call_id is null and organization_id > after;
            perform set_config('recaller.sweep', '', true);
            return found;
        end
    $$;
revoke all on function next_organization_with_recordings_to_delete(text) from public;
grant execute on function next_organization_with_recordings_to_delete(text) to recaller_worker;
