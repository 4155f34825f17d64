-- Where a live call stands, as the flow runtime writes and reads it; the table only keeps it. Nothing was kept here before.
alter table call_state drop column variables;
alter table call_state add column state text not null;

-- The order of a document's fields counts: variables are set top to bottom. jsonb would sort them.
alter table flow_versions alter column definition type json using definition::json;

-- Null: no version is activated. Its versions are there because calls ran them from a file, and the file is what runs.
alter table flows alter column version drop not null;
