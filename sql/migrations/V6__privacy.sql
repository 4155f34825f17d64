-- Retention, erasure, sharing and audit need a little more than V3 has.

-- An erasure marks each identity of the caller; the first row is the receipt, the others name it.
alter table erasures add column receipt_id uuid,
    add foreign key (organization_id, receipt_id) references erasures (organization_id, id);

-- When the last of these callers was erased; null: never. Turns said until then may not be stored again.
create function erased_at(tombstones bytea[]) returns timestamptz language sql stable
    begin atomic
        select max(e.erased_at) from recaller.erasures e
        where e.organization_id = recaller.organization() and e.tombstone = any (tombstones);
    end;

-- By which the grantee finds what it may read of a caller that calls it too; null: the memory has no number.
alter table consents add column number_hash text;
create index idx_consents_grantee_number on consents (grantee, number_hash) where revoked_at is null;

create index idx_calls_number on calls (organization_id, number_hash) where number_hash is not null;
create index idx_audit_expires on audit (organization_id, expires_at);

-- The sweep goes from organization to organization and must learn their ids: the worker sees no rows without one. Forced
-- row-level security holds for the owner too, hence a policy for it that only the function below switches on.
create policy sweep on user_memory for select to current_user using (current_setting('recaller.sweep', true) = 'on');
create policy sweep on calls for select to current_user using (current_setting('recaller.sweep', true) = 'on');
create policy sweep on audit for select to current_user using (current_setting('recaller.sweep', true) = 'on');

-- The next organization that has callers, calls or audit rows; null: there is none. Ids, nothing else.
create function next_organization(after text) returns text language plpgsql volatile security definer
    set search_path = recaller, pg_temp
    as $$
        declare
            found text;
        begin
            perform set_config('recaller.sweep', 'on', true);
            select min(id) into found from (
                select min(organization_id) as id from user_memory where organization_id > after
                union all select min(organization_id) from calls where organization_id > after
                union all select min(organization_id) from audit where organization_id > after) organizations;
            perform set_config('recaller.sweep', '', true);
            return found;
        end
    $$;

-- The worker may delete audit rows in two ways only: those past their time, oldest first and at most so many ...
create function purge_audit(as_of timestamptz, at_most integer) returns bigint language sql volatile security definer
    set search_path = recaller, pg_temp
    as $$
        with past as materialized (
            select id from audit where organization_id = organization()
                and coalesce(expires_at, created_at + interval '365 days') <= as_of
            order by expires_at limit at_most),
        gone as (
            delete from audit where organization_id = organization() and id in (select id from past) returning id)
        select count(*) from gone
    $$;

-- ... and what they tell of a caller who is erased: what was extracted, and the details of the rest. That somebody read or
-- changed a memory stays known until its time is over; the id it names leads to nobody any more.
create function forget_audit(memories uuid[], call_ids uuid[]) returns bigint language sql volatile security definer
    set search_path = recaller, pg_temp
    as $$
        with gone as (
            delete from audit where organization_id = organization() and action = 'extraction'
                and (memory_id = any (memories) or call_id = any (call_ids)) returning id),
        emptied as (
            update audit set detail = '{}' where organization_id = organization() and action <> 'extraction'
                and detail <> '{}' and (memory_id = any (memories) or call_id = any (call_ids)) returning id)
        select (select count(*) from gone) + (select count(*) from emptied)
    $$;

revoke all on function next_organization(text), purge_audit(timestamptz, integer), forget_audit(uuid[], uuid[]) from public;
grant execute on function next_organization(text), purge_audit(timestamptz, integer), forget_audit(uuid[], uuid[])
    to recaller_worker;
