#!/usr/bin/env bash
# Deploys the schema into a database of its own, runs schema/test/*.sql there, then proves that every
# change can be taken back and made again.
. "$(dirname "$0")/common.sh"
. "$RUN/env"

[ -e "$ROOT/schema/sqitch.plan" ] || { say "sql-test: schema/sqitch.plan is not there yet"; exit 0; }
database=mooc_sql_test_$$
trap 'dropdb --if-exists --force "$database"' EXIT
"$ROOT/deploy/dev/schema.sh" "$database"
if compgen -G "$ROOT/schema/test/*.sql" >/dev/null; then
    psql -XAtq -d "$database" -c 'create extension if not exists pgtap'
    (cd "$ROOT/schema" && pg_prove -d "$database" test/*.sql)
else
    say "sql-test: schema/test/ holds no test yet"
fi
"$ROOT/deploy/dev/bi-catalogue.sh" "$database" | diff -u "$ROOT/docs/bi-catalogue.md" - >&2 ||
    die "sql-test: docs/bi-catalogue.md is not what bi.dictionary says: make bi-catalogue"
PYTHONDONTWRITEBYTECODE=1 PGDATABASE=$database "$VENV/bin/python" "$ROOT/deploy/superset/columns.py" --check >&2 ||
    die "sql-test: the boards' datasets are not what bi.dictionary says: make bi-catalogue"
"$ROOT/deploy/dev/schema.sh" "$database" revert
"$ROOT/deploy/dev/schema.sh" "$database"
say "sql-test: schema reverted and deployed again"
