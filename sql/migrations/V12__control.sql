-- Keys of the control API. Only the owner makes and ends them ('recaller key'); the worker asks the function below for one it
-- was shown. A key is 256 random bits, so that a plain hash is enough: there is nothing to try, and a slow hash would be paid
-- at each request.
create table control_keys (
    organization_id text not null check (organization_id <> ''),
    -- stands in the key itself and in the audit
    id text not null check (id ~ '^[0-9a-f]{12}$'),
    secret_hash bytea not null check (octet_length(secret_hash) = 32),
    role text not null check (role in ('viewer', 'operator', 'admin', 'installation')),
    note text,
    valid_from timestamptz not null default now(),
    expires_at timestamptz check (expires_at > valid_from),
    revoked_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (organization_id, id),
    -- '*' stands for the installation and is no organization: its keys run workers and see nobody's calls
    check ((role = 'installation') = (organization_id = '*'))
);
create unique index ux_control_keys_id on control_keys (id);

alter table control_keys enable row level security;
alter table control_keys force row level security;
create policy organization on control_keys using (organization_id = organization())
    with check (organization_id = organization());

-- The reader lists keys and has no use for what proves them.
revoke select on control_keys from recaller_reader;
grant select (organization_id, id, role, note, valid_from, expires_at, revoked_at, created_at) on control_keys
    to recaller_reader;

-- As for the sweep of V6: for the function below only.
create policy sweep on control_keys for select to current_user using (current_setting('recaller.sweep', true) = 'on');

-- Whose a key is, by the id that stands in it, before any organization is known.
create function control_key(shown text)
    returns table (organization_id text, secret_hash bytea, role text, valid_from timestamptz, expires_at timestamptz,
        revoked_at timestamptz)
    language plpgsql volatile security definer set search_path = recaller, pg_temp
    as $$
        begin
            perform set_config('recaller.sweep', 'on', true);
            return query select k.organization_id, k.secret_hash, k.role, k.valid_from, k.expires_at, k.revoked_at
                from control_keys k where k.id = shown;
            perform set_config('recaller.sweep', '', true);
        end
    $$;
revoke all on function control_key(text) from public;
grant execute on function control_key(text) to recaller_worker;

-- What was active before, to go back to; and another version that a share of calls runs, in percent.
-- Which version a call ran stands in its row.
alter table flows add column previous_version integer, add column canary_version integer, add column canary_percent integer,
    add constraint flows_canary check ((canary_version is null) = (canary_percent is null)
        and (canary_percent is null or (canary_percent between 1 and 99 and version is not null)));
