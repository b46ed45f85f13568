#!/bin/sh
# A new cluster -> extensions in `postgres` and `template1`, as Spilo makes them: some hundred dirty
# buffers, which a spread checkpoint takes most of a minute to write. The last argument is the address.
set -eu
for last in "$@"; do :; done
for database in postgres template1; do
  for extension in btree_gin btree_gist citext hstore intarray ltree pg_stat_statements pg_trgm pgcrypto tablefunc uuid-ossp; do
    echo "CREATE EXTENSION IF NOT EXISTS \"$extension\";"
  done | /usr/lib/postgresql/17/bin/psql -qX -v ON_ERROR_STOP=1 -d "$last dbname=$database"
done
