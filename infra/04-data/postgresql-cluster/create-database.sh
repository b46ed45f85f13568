#!/bin/sh
# ${APP_DATABASE} -> a database of that name, owned by a role of that name; nothing if both are there.
# The role cannot log in: an application creates its own login and is granted this one.
# And the role `exporter`, which sees statistics and no data; its password is what its file says.
set -eu
umask 077

# pgpass escapes ':' and '\'.
password=$(sed 's/[\\:]/\\&/g' /run/secrets/patroni_superuser_password)
printf '*:*:*:*:%s\n' "$password" > /tmp/pgpass
export PGPASSFILE=/tmp/pgpass PGCONNECT_TIMEOUT=3

attempt=0
until psql -qAtX -d postgres -v ON_ERROR_STOP=1 -v name="$APP_DATABASE" <<'SQL'
\set exporter `cat /run/secrets/postgres_exporter_password`
SELECT format('CREATE ROLE %I NOLOGIN', :'name')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'name')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
SELECT 'CREATE ROLE exporter' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'exporter') \gexec
-- Spilo logs what changes roles, with the password.
SET log_statement = 'none';
SET log_min_error_statement = 'panic';
SET log_min_duration_statement = -1;
SELECT format('ALTER ROLE exporter LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD %L', :'exporter') \gexec
GRANT pg_monitor TO exporter;
SQL
do
  attempt=$((attempt + 1))
  if [ "$attempt" -ge 20 ]; then
    echo "create-database: no writer behind $PGHOST:$PGPORT after $attempt attempts" >&2
    exit 1
  fi
  sleep 1
done
echo "create-database: database and role '$APP_DATABASE' are there"
