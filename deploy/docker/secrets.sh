#!/usr/bin/env bash
# secrets.sh: writes the secret files of docker-compose.yml that are not there yet. Containers see
# these very files, with owner and mode as here.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/common.sh"

READER=10001      # user of the project's images
POSTGRES=999      # user of the image of PostgreSQL

umask 077
mkdir -p "$MOOC_SECRETS"

# secret NAME OWNER MODE: where there is no root to give the file away, the folder alone keeps
# others out.
secret() {
    local file=$MOOC_SECRETS/$1
    [ ! -e "$file" ] || return 0
    openssl rand -hex 24 >"$file.new"
    if [ "$(id -u)" = 0 ]; then
        chown "$2" "$file.new"
        chmod "$3" "$file.new"
    else
        chmod 0444 "$file.new"
    fi
    mv "$file.new" "$file"
}

secret postgres-password $POSTGRES:$READER 0440
secret writer-password $READER:$READER 0400
secret hmac-key $READER:$READER 0400
secret openedx-secret $READER:$READER 0400
