-- Two memories of one person: the one merged keeps its row, its identity and its past, and points to the one that lives on.
-- A pointer never leads to another pointer. Erasing a memory erases what was merged into it.
alter table user_memory
    add column merged_into uuid check (merged_into <> id),
    add foreign key (organization_id, merged_into) references user_memory (organization_id, id) on delete cascade;
create index idx_user_memory_merged on user_memory (organization_id, merged_into) where merged_into is not null;

-- The memory of a shared number is made anew when its first one was merged into one person's.
alter table user_memory drop constraint ux_user_memory_identity;
create unique index ux_user_memory_identity on user_memory (organization_id, user_id, phone_number) nulls not distinct
    where merged_into is null;

-- A caller gave a user and a number that both have a memory. Open while both live and nobody dismissed it.
create table merge_proposals (
    organization_id text not null,
    id uuid not null,
    into_id uuid not null,
    from_id uuid not null,
    dismissed_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (organization_id, id),
    foreign key (organization_id, into_id) references user_memory (organization_id, id) on delete cascade,
    foreign key (organization_id, from_id) references user_memory (organization_id, id) on delete cascade
);
create unique index ux_merge_proposals_pair on merge_proposals (organization_id, into_id, from_id);
create index idx_merge_proposals_from on merge_proposals (organization_id, from_id);
alter table merge_proposals enable row level security;
alter table merge_proposals force row level security;
create policy organization on merge_proposals using (organization_id = organization())
    with check (organization_id = organization());
grant select, insert, update, delete on merge_proposals to recaller_worker;

create index idx_merges_from on merges (organization_id, from_id) where from_id is not null;

-- Who decides about an identity waits here for the others who do; each lock in a statement of its own, numbers before
-- users, so that what follows sees what the last holder committed. For the rest of the transaction.
create function lock_identity(phone_or_user text) returns void language sql volatile
    begin atomic
        select pg_advisory_xact_lock(hashtextextended(recaller.organization() || chr(31) || phone_or_user, 0));
    end;
