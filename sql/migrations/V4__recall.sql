-- Goes up with whatever changes, removes, moves or restores rows of a memory; only adding what is being said now leaves it, that total_tokens tells.
-- A call compares both before it searches what it loaded when it began.
alter table user_memory add column revision bigint not null default 0;

-- 5.6 kB a row stay in it: kept elsewhere they would cost three look-ups more for each row of a caller. Floats do not compress.
alter table chunk_vectors set (toast_tuple_target = 8160);
alter table chunk_vectors alter column turn_vector set storage external;
alter table chunk_vectors alter column pair_vector set storage external;
alter table chunk_vectors alter column token_states set storage external;
