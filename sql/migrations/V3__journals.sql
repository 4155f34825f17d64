-- Adoptions and merges with the origin of every moved row, so that they can be undone.
create table merges (
    organization_id text not null,
    id uuid not null,
    kind text not null check (kind in ('adoption', 'merge')),
    into_id uuid not null,
    from_id uuid,
    detail jsonb not null default '{}',
    undone_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (organization_id, id),
    foreign key (organization_id, into_id) references user_memory (organization_id, id) on delete cascade
);
create index idx_merges_into on merges (organization_id, into_id);

-- The grantee may read what the organization remembers of one caller, in these categories, until it expires or is revoked.
create table consents (
    organization_id text not null,
    id uuid not null,
    grantee text not null check (grantee <> '' and grantee <> organization_id),
    memory_id uuid not null,
    categories text[] not null check (cardinality(categories) > 0),
    purpose text not null,
    evidence text not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (organization_id, id),
    foreign key (organization_id, memory_id) references user_memory (organization_id, id) on delete cascade
);
create index idx_consents_grantee on consents (grantee);
create index idx_consents_memory on consents (organization_id, memory_id);

-- Receipts of erasures, and keyed tombstones that stop late jobs and imports of anything said before.
create table erasures (
    organization_id text not null,
    id uuid not null,
    tombstone bytea not null,
    erased_at timestamptz not null,
    counts jsonb not null,
    created_at timestamptz not null default now(),
    primary key (organization_id, id)
);
create index idx_erasures_tombstone on erasures (organization_id, tombstone);

create table audit (
    organization_id text not null,
    id uuid not null,
    actor text not null,
    action text not null,
    memory_id uuid,
    call_id uuid,
    detail jsonb not null default '{}',
    expires_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (organization_id, id)
);
create index idx_audit_created on audit (organization_id, created_at);
create index idx_audit_memory on audit (organization_id, memory_id);
-- What a model found in a call is stored once.
create unique index ux_audit_extraction on audit (organization_id, call_id) where action = 'extraction';

do $$
declare t text;
begin
    foreach t in array array['organizations', 'user_memory', 'memory_chunks', 'chunk_vectors', 'entities',
        'entity_relationships', 'preferences', 'flows', 'flow_versions', 'calls', 'call_state', 'merges', 'consents',
        'erasures', 'audit'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy organization on %I using (organization_id = organization())'
            ' with check (organization_id = organization())', t);
    end loop;
end $$;
-- A second organization sees the consents given to it, and can change none of them.
create policy grantee on consents for select using (grantee = organization());

grant select on organizations to recaller_worker;
grant select, insert, update, delete on user_memory, memory_chunks, chunk_vectors, entities, entity_relationships,
    preferences, flows, flow_versions, calls, call_state, merges to recaller_worker;
grant select, insert, update on consents to recaller_worker;
grant select, insert on erasures, audit to recaller_worker;
-- The worker compares the schema's version with its own when it starts.
grant select on flyway_schema_history to recaller_worker;

grant select on all tables in schema recaller to recaller_reader;
alter default privileges in schema recaller grant select on tables to recaller_reader;
