-- Whose memory, what is in it. Runs as the owner; the roles recaller_worker and recaller_reader exist already (Migrations makes them).
grant usage on schema recaller to recaller_worker, recaller_reader;

-- The organization of the transaction. After a transaction-local setting ends it reads '', hence nullif. Nothing set: no rows.
create function organization() returns text language sql stable parallel safe
    return nullif(current_setting('recaller.organization_id', true), '');

-- How well a caller's identity is proven; ordered, so a row is read where min_assurance <= the call's assurance.
create type assurance as enum ('anonymous', 'presented', 'attested', 'verified');

-- Optional: an organization without a row has no defaults, so nothing refers to this table.
create table organizations (
    organization_id text primary key check (organization_id <> ''),
    name text not null,
    memory jsonb check (jsonb_typeof(memory) = 'object'),
    retention_days integer check (retention_days between 1 and 3650),
    created_at timestamptz not null default now()
);

create table user_memory (
    organization_id text not null,
    id uuid not null,
    user_id text check (user_id <> ''),
    phone_number text check (phone_number ~ '^\+[1-9][0-9]{6,14}$'),
    conversation_count bigint not null default 0,
    total_tokens bigint not null default 0,
    last_interaction_at timestamptz,
    epoch_started_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (organization_id, id),
    constraint ux_user_memory_identity unique nulls not distinct (organization_id, user_id, phone_number),
    constraint user_memory_someone check (user_id is not null or phone_number is not null)
);
create unique index ux_user_memory_user on user_memory (organization_id, user_id) where user_id is not null;
create index idx_user_memory_org_user on user_memory (organization_id, user_id);
create index idx_user_memory_org_phone on user_memory (organization_id, phone_number);

create table memory_chunks (
    organization_id text not null,
    id uuid not null,
    memory_id uuid not null,
    type text not null check (type in ('conversation', 'fact', 'preference', 'event')),
    content text not null,
    importance real not null default 0.5 check (importance between 0 and 1),
    topics text[] not null default '{}',
    call_id uuid,
    turn integer check (turn >= 0),
    speaker text check (speaker in ('caller', 'agent')),
    said_at timestamptz not null,
    source_chunks uuid[] not null default '{}',
    min_assurance assurance not null default 'presented',
    valid_from timestamptz not null,
    valid_to timestamptz,
    tokens bigint not null default 0,
    expires_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (organization_id, id),
    foreign key (organization_id, memory_id) references user_memory (organization_id, id) on delete cascade,
    constraint memory_chunks_turn check (type <> 'conversation' or num_nonnulls(call_id, turn, speaker) in (0, 3))
);
create unique index ux_memory_chunks_turn on memory_chunks (organization_id, call_id, turn) where type = 'conversation';
create index idx_memory_chunks_memory on memory_chunks (organization_id, memory_id, said_at);
create index idx_memory_chunks_memory_id on memory_chunks (memory_id);
create index idx_memory_chunks_expires on memory_chunks (organization_id, expires_at);

create table chunk_vectors (
    organization_id text not null,
    chunk_id uuid not null,
    model text not null,
    turn_vector bytea not null,
    pair_vector bytea not null,
    token_states bytea not null,
    created_at timestamptz not null default now(),
    primary key (organization_id, chunk_id, model),
    foreign key (organization_id, chunk_id) references memory_chunks (organization_id, id) on delete cascade
);

create table entities (
    organization_id text not null,
    id uuid not null,
    memory_id uuid not null,
    type text not null check (type in ('person', 'place', 'organization', 'thing', 'concept')),
    name text not null check (name <> ''),
    -- caller: the person calling; former_caller: a name that was corrected
    role text,
    attributes jsonb not null default '{}' check (jsonb_typeof(attributes) = 'object'),
    first_mentioned_at timestamptz not null,
    last_mentioned_at timestamptz not null,
    mention_count bigint not null default 1,
    min_assurance assurance not null default 'presented',
    expires_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (organization_id, id),
    foreign key (organization_id, memory_id) references user_memory (organization_id, id) on delete cascade
);
create unique index ux_entities_name on entities (organization_id, memory_id, type, lower(name));
create index idx_entities_memory_id on entities (memory_id);
create index idx_entities_expires on entities (organization_id, expires_at);

create table entity_relationships (
    organization_id text not null,
    id uuid not null,
    memory_id uuid not null,
    source_id uuid not null,
    relation text not null check (relation <> ''),
    target_id uuid not null,
    valid_from timestamptz not null,
    valid_to timestamptz,
    source_chunk uuid,
    min_assurance assurance not null default 'presented',
    expires_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (organization_id, id),
    foreign key (organization_id, memory_id) references user_memory (organization_id, id) on delete cascade,
    foreign key (organization_id, source_id) references entities (organization_id, id) on delete cascade,
    foreign key (organization_id, target_id) references entities (organization_id, id) on delete cascade,
    foreign key (organization_id, source_chunk) references memory_chunks (organization_id, id) on delete set null (source_chunk)
);
create unique index ux_entity_relationships_current
    on entity_relationships (organization_id, memory_id, source_id, relation, target_id) where valid_to is null;
create index idx_entity_relationships_source on entity_relationships (organization_id, source_id);
create index idx_entity_relationships_target on entity_relationships (organization_id, target_id);
create index idx_entity_relationships_chunk on entity_relationships (organization_id, source_chunk);
create index idx_entity_relationships_expires on entity_relationships (organization_id, expires_at);

create table preferences (
    organization_id text not null,
    id uuid not null,
    memory_id uuid not null,
    key text not null check (key <> ''),
    value text not null,
    category text not null,
    confidence real not null check (confidence between 0 and 1),
    source_chunk uuid,
    valid_from timestamptz not null,
    valid_to timestamptz,
    min_assurance assurance not null default 'presented',
    expires_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (organization_id, id),
    foreign key (organization_id, memory_id) references user_memory (organization_id, id) on delete cascade,
    foreign key (organization_id, source_chunk) references memory_chunks (organization_id, id) on delete set null (source_chunk)
);
create unique index ux_preferences_current on preferences (organization_id, memory_id, key) where valid_to is null;
create index idx_preferences_memory on preferences (organization_id, memory_id, key);
create index idx_preferences_chunk on preferences (organization_id, source_chunk);
create index idx_preferences_expires on preferences (organization_id, expires_at);
