-- What memory is good for, in numbers for dashboards. No row is about one caller: a group of fewer than five callers is
-- withheld, and no total is given that it could be computed from. Days are days in UTC, weeks begin on Monday.
create function smallest_group() returns bigint language sql immutable parallel safe
    return 5;

-- Counted by the worker when calls end: no caller, no call. A recall helped when it found something within the flow's
-- time; whether the answer made use of it nobody can tell.
create table memory_usage (
    organization_id text not null,
    day date not null,
    recalls bigint not null default 0,
    helped bigint not null default 0,
    failed bigint not null default 0,
    primary key (organization_id, day)
);
alter table memory_usage enable row level security;
alter table memory_usage force row level security;
create policy organization on memory_usage using (organization_id = organization())
    with check (organization_id = organization());
grant select, insert, update on memory_usage to recaller_worker;

-- Callers with a memory who called; new ones were first heard in the period.
create view stats_callers with (security_invoker = true) as
    with called as (
        select c.organization_id, p.period, c.memory_id,
            date_trunc(p.period, c.started_at at time zone 'UTC')::date as start,
            date_trunc(p.period, m.created_at at time zone 'UTC')::date as first_start
        from calls c
        join user_memory m on m.organization_id = c.organization_id and m.id = c.memory_id
        cross join (values ('day'), ('week')) p (period))
    select organization_id, period, start, count(*) as calls, count(distinct memory_id) as callers,
        count(distinct memory_id) filter (where start <= first_start) as new_callers
    from called group by organization_id, period, start
    having count(distinct memory_id) >= smallest_group();

-- Of all callers remembered, those who called more than once.
create view stats_returning with (security_invoker = true) as
    select organization_id, count(*) as callers, count(*) filter (where conversation_count > 1) as returning_callers,
        round(count(*) filter (where conversation_count > 1) / count(*)::numeric, 3) as returning_rate
    from user_memory where merged_into is null and conversation_count > 0
    group by organization_id having count(*) >= smallest_group();

create view stats_recalls with (security_invoker = true) as
    select u.organization_id, u.day, u.recalls, u.helped, u.failed,
        round(u.helped / nullif(u.recalls, 0)::numeric, 3) as helped_rate
    from memory_usage u
    where (select count(distinct coalesce(c.memory_id::text, c.number_hash, c.id::text)) from calls c
           where c.organization_id = u.organization_id and c.started_at >= u.day::timestamp at time zone 'UTC'
             and c.started_at < (u.day + 1)::timestamp at time zone 'UTC') >= smallest_group();

create view stats_chunks with (security_invoker = true) as
    select organization_id, type, count(*) as chunks, sum(tokens)::bigint as tokens, count(distinct memory_id) as callers
    from memory_chunks group by organization_id, type having count(distinct memory_id) >= smallest_group();

-- The 50 first of an organization. Names of people are not among them.
create view stats_topics with (security_invoker = true) as
    with spoken as (
        select organization_id, memory_id, 'topic' as kind, lower(topic) as topic, 1::bigint as mentions
        from memory_chunks, unnest(topics) topic where valid_to is null and topic <> 'caller_name'
        union all
        select e.organization_id, e.memory_id, e.type, lower(e.name), e.mention_count
        from entities e join user_memory m on m.organization_id = e.organization_id and m.id = e.memory_id
        where e.type <> 'person' and m.merged_into is null),
    counted as (
        select organization_id, kind, topic, count(distinct memory_id) as callers, sum(mentions)::bigint as mentions,
            row_number() over (partition by organization_id
                order by count(distinct memory_id) desc, sum(mentions) desc, topic) as place
        from spoken group by organization_id, kind, topic having count(distinct memory_id) >= smallest_group())
    select organization_id, place, kind, topic, callers, mentions from counted where place <= 50;

-- Work that waits, not callers: rows that should be deleted by now, and since which day the oldest of them.
create view stats_retention with (security_invoker = true) as
    select organization_id, rows_of, count(*) as expired, min(expires_at at time zone 'UTC')::date as oldest
    from (
        select organization_id, 'memory_chunks' as rows_of, expires_at from memory_chunks where expires_at <= now()
        union all select organization_id, 'entities', expires_at from entities where expires_at <= now()
        union all select organization_id, 'entity_relationships', expires_at from entity_relationships
            where expires_at <= now()
        union all select organization_id, 'preferences', expires_at from preferences where expires_at <= now()
        union all select organization_id, 'calls', expires_at from calls where expires_at <= now()
        union all select organization_id, 'audit', expires_at from audit where expires_at <= now()) expired
    group by organization_id, rows_of;

-- Calls a model is to read: due by now and how long the oldest has waited, tried before, given up. The jobs' table is not
-- an organization's, so who is under row-level security sees what names theirs.
create view stats_extraction with (security_invoker = true) as
    with job as (
        select convert_from(task_data, 'UTF8')::jsonb ->> 'organizationId' as organization_id, execution_time,
            coalesce(consecutive_failures, 0) > 0 as failed, false as parked
        from scheduled_tasks where task_name = 'extraction'
        union all
        select convert_from(task_data, 'UTF8')::jsonb ->> 'organizationId', null, true, true
        from parked_jobs where task_name = 'extraction')
    select organization_id, count(*) filter (where execution_time <= now()) as due,
        coalesce(extract(epoch from now() - min(execution_time) filter (where execution_time <= now())), 0)::bigint
            as lag_seconds,
        count(*) filter (where failed and not parked) as retrying, count(*) filter (where parked) as parked
    from job where organization_id = organization() or not row_security_active('recaller.user_memory')
    group by organization_id;

grant select on stats_callers, stats_returning, stats_recalls, stats_chunks, stats_topics, stats_retention,
    stats_extraction to recaller_worker;
