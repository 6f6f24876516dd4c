#!/usr/bin/env bash
# schema.sh [DATABASE [revert]]: brings a database of this stack (default mooc, created where
# missing) to the newest schema, or takes the schema out of it.
. "$(dirname "$0")/common.sh"
. "$RUN/env"

database=${1:-mooc} action=${2:-deploy}
psql -XAtq -d postgres -v name="$database" <<<"select 1 from pg_database where datname = :'name'" |
    grep -q 1 || createdb "$database"
[ -e "$ROOT/schema/sqitch.plan" ] || { say "schema/sqitch.plan is not there yet"; exit 0; }

cd "$ROOT/schema"
export SQITCH_FULLNAME=${SQITCH_FULLNAME:-MOOC Pulse} SQITCH_EMAIL=${SQITCH_EMAIL:-dev@localhost}
export SQITCH_USER_CONFIG=/dev/null     # what a user set for other projects does not count here
export PGOPTIONS='-c client_min_messages=warning'
target=db:pg://$PGUSER@$PGHOST:$PGPORT/$database
case $action in
deploy) sqitch --quiet deploy --verify "$target" >/dev/null ;;
revert) sqitch --quiet revert -y "$target" >/dev/null ;;
*) die "usage: schema.sh [DATABASE [revert]]" ;;
esac || die "$action of the schema failed in database $database"
