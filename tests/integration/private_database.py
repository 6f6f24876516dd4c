"""A database of one's own in the running PostgreSQL, with the schema deployed; and mooc-aggregator against it."""
import contextlib
import os
import subprocess
import uuid
from pathlib import Path

import psycopg

from harness.refusal import in_english

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("MOOC_BIN_DIR", ROOT / "build/asan")) / "mooc-aggregator"


def _conninfo(name, user):
    return f"host={os.environ['PGHOST']} port={os.environ['PGPORT']} dbname={name} user={user}"


class PrivateDatabase:
    def __init__(self, name):
        self.name = name
        self.writer = _conninfo(name, "mooc_writer")

    def owner(self):
        """A connection that may do anything; commits by itself."""
        return psycopg.connect(_conninfo(self.name, os.environ["PGUSER"]), autocommit=True)

    def query(self, sql, *parameters):
        with self.owner() as connection:
            cursor = connection.execute(sql, parameters or None)
            return cursor.fetchall() if cursor.description else None

    def aggregator(self, *arguments, code=0, timeout=60):
        """Runs the command, expects the exit code, gives the finished process."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("MOOC_")}
        done = subprocess.run([BINARY, *in_english(arguments, code), "--database", self.writer], env=environment, text=True,
                              capture_output=True, timeout=timeout)
        assert done.returncode == code, f"exit {done.returncode}\n{done.stdout}{done.stderr}"
        return done


@contextlib.contextmanager
def private_database(deploy=True):
    name = f"mooc_test_{uuid.uuid4().hex[:10]}"
    if deploy:
        subprocess.run([ROOT / "deploy/dev/schema.sh", name, "copy"], check=True, capture_output=True)
    else:
        subprocess.run(["createdb", name], check=True)
    try:
        yield PrivateDatabase(name)
    finally:
        subprocess.run(["dropdb", "--if-exists", "--force", name], check=True)
