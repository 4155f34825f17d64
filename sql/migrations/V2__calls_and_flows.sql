create table flows (
    organization_id text not null,
    -- the id the flow's document gives itself
    id text not null check (id <> ''),
    name text not null,
    version integer not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (organization_id, id)
);

create table flow_versions (
    organization_id text not null,
    flow_id text not null,
    version integer not null check (version > 0),
    definition jsonb not null,
    created_at timestamptz not null default now(),
    primary key (organization_id, flow_id, version),
    foreign key (organization_id, flow_id) references flows (organization_id, id) on delete cascade
);

-- Operation, not memory: a call without an identity has a row too. A room's name and a SIP call hold the caller's number.
create table calls (
    organization_id text not null,
    id uuid not null,
    memory_id uuid,
    flow_id text not null,
    flow_version integer not null,
    room text,
    room_sid text,
    sip_call_id text,
    sip_trunk_id text,
    number_hash text,
    started_at timestamptz not null,
    answered_at timestamptz,
    ended_at timestamptz,
    end_reason text,
    summary text,
    expires_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (organization_id, id),
    foreign key (organization_id, memory_id) references user_memory (organization_id, id) on delete set null (memory_id)
);
create index idx_calls_memory on calls (organization_id, memory_id, started_at);
create index idx_calls_started on calls (organization_id, started_at);
create index idx_calls_expires on calls (organization_id, expires_at);

-- Where a live call stands in its flow; deleted when the call ends.
create table call_state (
    organization_id text not null,
    call_id uuid not null,
    node text not null,
    variables jsonb not null default '{}',
    step bigint not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (organization_id, call_id),
    foreign key (organization_id, call_id) references calls (organization_id, id) on delete cascade
);
