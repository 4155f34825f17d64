-- Where the control API of the worker is that holds a call, so that others can tell who asks them: a URL. Null: it has none that
-- others reach, or is of an older version.
alter table call_leases add column control text check (length(control) between 1 and 500);
