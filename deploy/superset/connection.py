"""connection.py AGGREGATOR.YAML LOGIN [PASSWORD_FILE --try]: how LOGIN reaches the aggregator's database, as the URI that Superset
takes, without password; with --try whether it opens (exit code)."""
import argparse
import sys
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg2
import psycopg2.extensions
import yaml

# What of libpq's connection words is the connection's, not the writer's.
TAKEN_OVER = ("sslmode", "sslrootcert", "sslcrl", "target_session_attrs")


def words(config, login):
    """libpq's words for that login."""
    found = psycopg2.extensions.parse_dsn(yaml.safe_load(Path(config).read_text())["database"])
    kept = {k: found[k] for k in ("host", "port", "dbname", *TAKEN_OVER) if k in found}
    return {"host": "127.0.0.1", "port": "5432"} | kept | {"user": login}


def uri(w):
    options = {k: w[k] for k in TAKEN_OVER if k in w}
    socket = w["host"].startswith("/")
    if socket:
        options["host"] = w["host"]
    address = "" if socket else f"{w['host']}:{w['port']}"
    return (f"postgresql+psycopg2://{quote(w['user'])}@{address}/{quote(w['dbname'])}"
            + (f"?{urlencode(options)}" if options else ""))


def opens(w, password):
    try:
        psycopg2.connect(**w, password=password, connect_timeout=5).close()
        return True
    except psycopg2.OperationalError:
        return False


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config")
    parser.add_argument("login")
    parser.add_argument("password_file", nargs="?", type=Path)
    parser.add_argument("--try", dest="tried", action="store_true")
    a = parser.parse_args()
    found = words(a.config, a.login)
    if a.tried:
        return 0 if opens(found, a.password_file.read_text().strip()) else 1
    print(uri(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
