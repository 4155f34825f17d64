#!/bin/bash
# Runs once, when the database is made: the worker's role and the read-only one, which "db migrate" then gives their rights.
set -euo pipefail
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set worker_password="$RECALLER_WORKER_PASSWORD" --set reader_password="$RECALLER_READER_PASSWORD" <<'SQL'
create role recaller_worker login nosuperuser nobypassrls nocreatedb nocreaterole password :'worker_password';
create role recaller_reader login nosuperuser bypassrls nocreatedb nocreaterole password :'reader_password';
alter role recaller_worker set search_path = recaller;
alter role recaller_reader set search_path = recaller;
SQL
