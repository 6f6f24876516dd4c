"""Logins for BI tools, as the command makes them."""
import base64
import hashlib
import hmac
import os
import re
import subprocess
import time
import uuid

import psycopg
import pytest

from private_database import ROOT, private_database


@pytest.fixture(scope="module")
def database():
    with private_database() as private:
        yield private


@pytest.fixture
def login(database):
    """A name of this test's own: roles belong to the whole cluster."""
    name = f"bi_{uuid.uuid4().hex[:10]}"
    yield name
    database.query(f"DROP ROLE IF EXISTS {name}")


def password_file(folder, text):
    path = folder / "password"
    path.write_text(text)
    path.chmod(0o600)
    return path


def test_a_login_is_made_listed_used_and_dropped(database, login, tmp_path):
    assert database.aggregator("bi-user", "list").stdout, "the logins of others, or that there is none"
    database.aggregator("bi-user", "add", login, "--password-file", password_file(tmp_path, "correct horse battery\n"))
    assert re.search(rf"^{login} +0 sessions +all units$", database.aggregator("bi-user", "list").stdout, re.M)
    [(stored,)] = database.query("SELECT rolpassword FROM pg_authid WHERE rolname = %s", login)
    scheme, rounds_salt, keys = stored.split("$")
    rounds, salt = rounds_salt.split(":")
    salted = hashlib.pbkdf2_hmac("sha256", b"correct horse battery", base64.b64decode(salt), int(rounds))
    client = hmac.digest(salted, b"Client Key", "sha256")
    server = hmac.digest(salted, b"Server Key", "sha256")
    assert scheme == "SCRAM-SHA-256"
    assert keys == ":".join(base64.b64encode(k).decode() for k in (hashlib.sha256(client).digest(), server))

    conninfo = f"host={os.environ['PGHOST']} port={os.environ['PGPORT']} dbname={database.name} user={login}"
    with psycopg.connect(conninfo, autocommit=True) as reader:
        assert reader.execute("SELECT count(*) FROM participation").fetchone() == (0,)
        assert reader.execute("SHOW statement_timeout").fetchone() == ("1min",)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            reader.execute("CREATE TABLE mine ()")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute("SELECT * FROM pulse.generations")
        reader.execute("SET default_transaction_read_only = off")
        for kind in ("TEMPORARY TABLE mine ()", "TABLE public.mine ()", "SCHEMA mine"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute(f"CREATE {kind}")
        database.aggregator("bi-user", "drop", login)
        with pytest.raises(psycopg.OperationalError):
            reader.execute("SELECT 1")
    assert database.query("SELECT count(*) FROM pg_roles WHERE rolname = %s", login) == [(0,)]


# What a login would need no right of ours for: PostgreSQL lets everybody, and in a read-only transaction too.
FOR_EVERYBODY = (
    "lo_create(0)", "lo_creat(-1)", "lo_from_bytea(0, 'x')", "lo_import('/etc/hostname')",  # fill the disk
    "pg_logical_emit_message(false, 'p', repeat('x', 1000))", "pg_logical_emit_message(true, 'p', 'x'::bytea)",  # and the log of the server
    "pg_advisory_lock(1836020579, 1)", "pg_try_advisory_lock(1836020579, 1)", "pg_advisory_xact_lock(1)",  # hold up replay start, close
    "pg_try_advisory_lock_shared(1836020579, 2)", "pg_advisory_lock_shared(1)", "pg_try_advisory_xact_lock(1, 2)")


def test_a_login_leaves_nothing_behind(database, login, tmp_path):
    """Whatever of its own session it changes."""
    database.aggregator("bi-user", "add", login, "--password-file", password_file(tmp_path, "correct horse battery\n"))
    conninfo = f"host={os.environ['PGHOST']} port={os.environ['PGPORT']} dbname={database.name} user={login}"
    with psycopg.connect(conninfo, autocommit=True) as reader:
        for read_only in ("on", "off"):
            reader.execute(f"SET default_transaction_read_only = {read_only}")
            for call in FOR_EVERYBODY:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    reader.execute(f"SELECT {call}")
        reader.execute("SET statement_timeout = 0; SET work_mem = '64kB'")  # as docs/bi.md says: nobody can lock these
        assert reader.execute("SHOW temp_file_limit").fetchone() == ("4GB",)
        for tried in ("SET temp_file_limit = -1", f"ALTER ROLE {login} SET temp_file_limit = -1", f"ALTER ROLE {login} RESET temp_file_limit",
                      f"ALTER ROLE {login} CONNECTION LIMIT -1", f"ALTER ROLE {login} VALID UNTIL 'infinity'", "COPY (SELECT 1) TO '/tmp/x'"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute(tried)
        reader.execute(f"ALTER ROLE {login} RESET ALL")
    with psycopg.connect(conninfo, autocommit=True) as reader:
        assert reader.execute("SHOW temp_file_limit").fetchone() == ("4GB",)
    assert database.query("SELECT count(*) FROM pg_largeobject_metadata") == [(0,)]
    with psycopg.connect(database.writer) as writer:  # who needs them has them
        assert writer.execute("SELECT pg_try_advisory_lock(1836020579, 1), pg_advisory_xact_lock(1)::text").fetchone() == (True, "")


@pytest.mark.parametrize("password, said", [
    ("x", "at least 12 characters"), ("eleven char", "at least 12 characters"), ("LOGIN", "its own name not counted"),
    ("LOGIN1234567890a", "its own name not counted"), ("12345678901LOGIN", "at least 12 characters")])
def test_a_weak_password_makes_no_login(database, login, tmp_path, password, said):
    weak = password_file(tmp_path, password.replace("LOGIN", login.upper()) + "\n")
    refused = database.aggregator("bi-user", "add", login, "--password-file", weak, code=2).stderr
    assert said in refused and password[:8] not in refused
    assert database.query("SELECT count(*) FROM pg_roles WHERE rolname = %s", login) == [(0,)]


def test_sessions_beyond_all_measure_are_ended(database, login, tmp_path):
    """A login can switch its own time-outs off; the writer asks for this now and then."""
    database.aggregator("bi-user", "add", login, "--password-file", password_file(tmp_path, "correct horse battery\n"))
    conninfo = f"host={os.environ['PGHOST']} port={os.environ['PGPORT']} dbname={database.name} user={login}"
    ended = "SELECT pulse.end_bi_sessions(%s::interval)"
    with psycopg.connect(conninfo) as long, psycopg.connect(conninfo, autocommit=True) as idle, psycopg.connect(database.writer, autocommit=True) as writer:
        long.execute("SET idle_in_transaction_session_timeout = 0")
        idle.execute("SELECT 1")
        other = psycopg.connect(database.writer)
        other.execute("SELECT 1")  # in a transaction too, and no BI tool
        time.sleep(0.3)
        assert writer.execute(ended, ["1 minute"]).fetchone() == (0,)
        assert writer.execute(ended, ["200 milliseconds"]).fetchone() == (1,)
        with pytest.raises(psycopg.OperationalError):
            long.execute("SELECT 1")
        assert idle.execute("SELECT 1").fetchone() == (1,) and other.execute("SELECT 1").fetchone() == (1,)
        other.close()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            idle.execute(ended, ["1 hour"])


def test_a_login_of_units_sees_theirs(database, login, tmp_path):
    """And its grants go with it: the next login of that name sees what it is told."""
    secret = password_file(tmp_path, "correct horse")
    database.query("INSERT INTO pulse.units (unit, name, printed_name, kind, parent, print_order) VALUES ('P', 'Tỉnh P', 'P', 'tinh', NULL, 1),"
                   " ('P-A', 'Sở A', 'A', 'so', 'P', 1), ('P-B', 'Sở B', 'B', 'so', 'P', 2), ('Q', 'Tỉnh Q', 'Q', 'tinh', NULL, 2)")
    database.query("INSERT INTO pulse.unit_lines (unit, tree, above) VALUES ('P-A', 'management', 'P'), ('P-B', 'management', 'P')")
    database.query("SELECT pulse.rebuild_unit_paths()")
    database.query("INSERT INTO gen_1.tallies SELECT 'training', 'T', '', 0, '', u, '', 5, 5, 5, 5, 5, 5, 5, 5, 0, 5, 0, 0, 0, 0, 0, 0, 0"
                   " FROM unnest(ARRAY['P', 'P-A', 'P-B', 'Q']) u")

    def seen():
        conninfo = f"host={os.environ['PGHOST']} port={os.environ['PGPORT']} dbname={database.name} user={login}"
        with psycopg.connect(conninfo, autocommit=True) as reader:
            return {u for (u,) in reader.execute("SELECT unit FROM participation_training")}

    refused = database.aggregator("bi-user", "add", login, "--password-file", secret, "--unit", "P-A,P-C", code=2).stderr
    assert "there is no unit P-C; did you mean P (Tỉnh P), P-A (Sở A), P-B (Sở B)?" in refused
    assert "did you mean P-B (Sở B)?" in database.aggregator("bi-user", "add", login, "--password-file", secret, "--unit", "sở b", code=2).stderr
    for units, expected in (("P", {"P", "P-A", "P-B"}), ("P-B, Q", {"P-B", "Q"})):
        database.aggregator("bi-user", "add", login, "--password-file", secret, "--unit", units)
        assert re.search(rf"^{login} +0 sessions +{units}$", database.aggregator("bi-user", "list").stdout, re.M)
        assert seen() == expected
        database.aggregator("bi-user", "drop", login)
    database.aggregator("bi-user", "add", login, "--password-file", secret)
    assert seen() == {"P", "P-A", "P-B", "Q"}


def test_wrong_use_changes_nothing(database, login, tmp_path):
    good = password_file(tmp_path, "correct horse battery")
    assert "--password-file" in database.aggregator("bi-user", "add", login, code=2).stderr
    for name in ("Robert; DROP ROLE x", "9x", "Soyte", "pg_x", "so-y-te", "x" * 49, ""):
        for more in (("--password-file", good), ()):
            refused = database.aggregator("bi-user", "add", name, *more, code=2).stderr
            assert f'"{name}" can be no login\'s name: a-z, 0-9 and _, a letter first and no pg_, at most 48 characters, such as so_y_te' in refused
    refused = database.aggregator("bi-user", "add", "9x", "--password-file", good, "--lang", "vi", code=2).stderr
    assert refused == ('mooc-aggregator: "9x" không làm tên tài khoản được: chỉ gồm a-z, 0-9 và _, bắt đầu bằng chữ cái (không phải pg_), dài nhiều '
                       'nhất 48 ký tự, chẳng hạn so_y_te\n')
    database.aggregator("bi-user", "add", "mooc_owner", "--password-file", good, code=2)
    (tmp_path / "vi").mkdir()
    vietnamese = password_file(tmp_path / "vi", "mật khẩu của tôi")
    assert "ASCII" in database.aggregator("bi-user", "add", login, "--password-file", vietnamese, code=2).stderr
    assert "is no login of BI tools" in database.aggregator("bi-user", "drop", "mooc_writer", code=2).stderr
    assert database.query("SELECT count(*) FROM pg_roles WHERE rolname = %s", login) == [(0,)]


def test_the_deploying_login_need_not_be_a_superuser(login, tmp_path):
    """It owns the database and may make roles: enough to deploy, to make logins, and to end their sessions."""
    with private_database(deploy=False) as database:
        deployer = f"deployer_{uuid.uuid4().hex[:10]}"
        database.query(f"CREATE ROLE {deployer} LOGIN CREATEROLE")
        database.query(f"ALTER DATABASE {database.name} OWNER TO {deployer}")
        try:
            target = f"db:pg://{deployer}@{os.environ['PGHOST']}:{os.environ['PGPORT']}/{database.name}"
            environment = os.environ | {"SQITCH_USER_CONFIG": "/dev/null", "SQITCH_FULLNAME": "a", "SQITCH_EMAIL": "a@b"}
            subprocess.run(["sqitch", "deploy", "--verify", target], cwd=ROOT / "schema", env=environment, check=True,
                           capture_output=True)
            database.aggregator("bi-user", "add", login, "--password-file", password_file(tmp_path, "correct horse"))
            assert deployer not in database.aggregator("bi-user", "list").stdout
            conninfo = f"host={os.environ['PGHOST']} port={os.environ['PGPORT']} dbname={database.name} user={login}"
            with psycopg.connect(conninfo) as long:
                long.execute("SELECT 1")
                with psycopg.connect(database.writer) as writer:
                    assert writer.execute("SELECT pulse.end_bi_sessions('1 h'), pulse.end_bi_sessions('0 s')").fetchone() == (0, 1)
                with pytest.raises(psycopg.OperationalError):
                    long.execute("SELECT 1")
            with psycopg.connect(conninfo, autocommit=True) as reader:
                database.aggregator("bi-user", "drop", login)
                with pytest.raises(psycopg.OperationalError):
                    reader.execute("SELECT 1")
            subprocess.run(["sqitch", "revert", "-y", target], cwd=ROOT / "schema", env=environment, check=True,
                           capture_output=True)
        finally:
            database.query(f"DROP OWNED BY {deployer} CASCADE")
            database.query(f"ALTER DATABASE {database.name} OWNER TO postgres")
            database.query(f"DROP ROLE {deployer}")


@pytest.mark.parametrize("nothing", ["", " ", ",", " , "])
def test_an_empty_unit_makes_no_login_that_sees_all(database, login, tmp_path, nothing):
    """As of a variable that was not set."""
    said = database.aggregator("bi-user", "add", login, "--unit", nothing, "--password-file", password_file(tmp_path, "correct horse\n"), code=2)
    assert "--unit names no unit" in said.stderr
    assert database.query("SELECT count(*) FROM pg_roles WHERE rolname = %s", login) == [(0,)]


def test_the_audit_says_who_was_let_in(database, login, tmp_path):
    database.aggregator("bi-user", "add", login, "--password-file", password_file(tmp_path, "correct horse\n"))
    database.aggregator("bi-user", "drop", login)
    assert database.query("SELECT action, detail ->> 'login' FROM pulse.audit WHERE detail ->> 'login' = %s ORDER BY entry", login) == [
        ("bi-user add", login), ("bi-user drop", login)]
