#!/usr/bin/env bash
# schema.sh [DATABASE]: brings a database of this stack (default mooc, created where missing) to the
# newest schema.
. "$(dirname "$0")/common.sh"
. "$RUN/env"

database=${1:-mooc}
psql -XAtq -d postgres -v name="$database" <<<"select 1 from pg_database where datname = :'name'" |
    grep -q 1 || createdb "$database"
[ -e "$ROOT/schema/sqitch.plan" ] || { say "schema/sqitch.plan is not there yet"; exit 0; }

cd "$ROOT/schema"
export SQITCH_FULLNAME=${SQITCH_FULLNAME:-MOOC Pulse} SQITCH_EMAIL=${SQITCH_EMAIL:-dev@localhost}
# Without a file of its own sqitch would read the user's settings.
export SQITCH_USER_CONFIG=/dev/null
if ! sqitch --quiet deploy --verify "db:pg://$PGUSER@$PGHOST:$PGPORT/$database"; then
    die "the schema could not be deployed into $database"
fi
