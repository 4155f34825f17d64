-- Work that outlives the process that wanted it: db-scheduler's table, as its release 16.12 wants it in PostgreSQL.
-- It holds ids, times and settings of a flow, no personal data: an extraction is the row task_name = 'extraction',
-- task_instance = '<call id>/<extractor version>', task_data = JSON with the organization's id and the call's.
-- No row-level security: a worker looks for what is due before it knows whose it is. What the job then reads and writes
-- is done under the organization its data names. Whoever erases a call deletes its jobs, here and in parked_jobs.
create table scheduled_tasks (
    task_name text not null,
    task_instance text not null,
    task_data bytea,
    execution_time timestamptz not null,
    picked boolean not null,
    picked_by text,
    last_success timestamptz,
    last_failure timestamptz,
    consecutive_failures integer,
    last_heartbeat timestamptz,
    version bigint not null,
    priority smallint,
    primary key (task_name, task_instance)
);
create index idx_scheduled_tasks_execution on scheduled_tasks (execution_time);
create index idx_scheduled_tasks_heartbeat on scheduled_tasks (last_heartbeat);

-- Jobs that failed too often wait here, out of the scheduler's sight, until an operator has them tried again.
create table parked_jobs (
    task_name text not null,
    task_instance text not null,
    task_data bytea,
    failures integer not null check (failures > 0),
    -- one word of a closed list: why it failed last
    reason text not null,
    parked_at timestamptz not null,
    primary key (task_name, task_instance)
);

grant select, insert, update, delete on scheduled_tasks, parked_jobs to recaller_worker;
grant select on scheduled_tasks, parked_jobs to recaller_reader;

-- What an extractor of one version found in a call is stored once; rows older than this migration are of version 1.
drop index ux_audit_extraction;
create unique index ux_audit_extraction on audit (organization_id, call_id, coalesce(detail ->> 'extractor', '1'))
    where action = 'extraction';
