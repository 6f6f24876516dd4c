#!/usr/bin/env bash
# schema.sh [DATABASE [deploy|revert|copy]]: brings a database of this stack (default mooc, created where missing) to the newest
# schema, or takes the schema out of it, or makes it as a copy of a database in which this very schema was deployed before: a
# tenth of a second for a test that only needs the tables, instead of running every change.
. "$(dirname "$0")/common.sh"
. "$RUN/env"

database=${1:-mooc} action=${2:-deploy}
exists() { psql -XAtq -d postgres -v name="$1" <<<"select 1 from pg_database where datname = :'name'" | grep -q 1; }

# The template is named by what was deployed: another schema has another one. Two tests may ask at once.
copy() {
    local sum template
    sum=$(cat "$ROOT"/schema/sqitch.plan "$ROOT"/schema/deploy/*.sql | sha256sum | cut -c1-16)
    template=mooc_schema_$sum
    (
        flock 8
        exists "$template" && exit 0
        PGOPTIONS='-c client_min_messages=warning' dropdb --if-exists --force "${template}_new"
        "$0" "${template}_new"
        psql -XAtq -d postgres -c "select datname from pg_database where datname ~ '^mooc_schema_[0-9a-f]{16}$'" |
            while read -r outdated; do dropdb "$outdated"; done
        psql -XAtq -d postgres -c "alter database \"${template}_new\" rename to \"$template\""
    ) 8>"$RUN/schema.lock"
    createdb --template="$template" "$database"
    psql -XAtq -d postgres -v ON_ERROR_STOP=1 -v template="$template" -v copy="$database" -f "$ROOT/deploy/dev/copy-database.sql"
}

[ "$action" != copy ] || { copy; exit; }
exists "$database" || createdb "$database"
[ -e "$ROOT/schema/sqitch.plan" ] || { say "schema/sqitch.plan is not there yet"; exit 0; }

cd "$ROOT/schema"
export SQITCH_FULLNAME=${SQITCH_FULLNAME:-MOOC Pulse} SQITCH_EMAIL=${SQITCH_EMAIL:-dev@localhost}
export SQITCH_USER_CONFIG=/dev/null     # what a user set for other projects does not count here
export PGOPTIONS='-c client_min_messages=warning'
target=db:pg://$PGUSER@$PGHOST:$PGPORT/$database
case $action in
deploy) sqitch --quiet deploy --verify "$target" >/dev/null ;;
revert) sqitch --quiet revert -y "$target" >/dev/null ;;
*) die "usage: schema.sh [DATABASE [deploy|revert|copy]]" ;;
esac || die "$action of the schema failed in database $database; one that was made before a change was edited: make reset-db"
