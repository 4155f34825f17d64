-- Where the control API of the worker is that holds a call, so that others can tell who asks them: a URL. Null: it has none that
-- others reach, or is of an older version.
alter table call_leases add column control text check (length(control) between 1 and 500);

-- Readable as calls are, whose rooms hold the caller's number too: V13 showed readers four of its columns.
revoke select on call_leases from recaller_reader;
grant select on call_leases to recaller_reader;
