"""What the program says when it is asked for something it cannot do: in words of who has to do something about it."""
import contextlib
import os
import socket
import struct
import subprocess
import threading
import uuid

import psycopg
import pytest

from harness.refusal import in_english
from private_database import BINARY, PrivateDatabase, private_database

WRITER = "mooc_writer (option database, user=mooc_writer)"
# Commands that write, and commands that only ask of what a BI login has no right to.
NOT_FOR_READERS = (
    ("close", "--wave", "W", "--at", "2023-10-02", "--doc", "1"), ("replay", "promote"), ("bi-user", "add", "x", "--password-file", "PASSWORD"),
    ("run", "--metrics-listen", "off"), ("erase", "--identifier-file", "PASSWORD"), ("verify",), ("dead", "drop", "all", "--reason", "r"),
    ("status",), ("issues",), ("audit",), ("dead", "list"), ("replay", "status"), ("bi-user", "list"))


@pytest.fixture(scope="module")
def database():
    with private_database() as private:
        yield private


@pytest.fixture(scope="module")
def reader(database, tmp_path_factory):
    """The database, as a BI tool's login sees it; .password is a file."""
    name = f"bi_{uuid.uuid4().hex[:10]}"
    password = tmp_path_factory.mktemp("reader") / "password"
    password.write_text("correct horse battery\n")
    password.chmod(0o600)
    database.aggregator("bi-user", "add", name, "--password-file", password)
    private = PrivateDatabase(database.name)
    private.writer = f"host={os.environ['PGHOST']} port={os.environ['PGPORT']} dbname={database.name} user={name}"
    private.login, private.password = name, password
    yield private
    database.aggregator("bi-user", "drop", name)


@pytest.mark.parametrize("command", NOT_FOR_READERS, ids=lambda c: " ".join(c[:2]))
def test_a_bi_login_is_told_which_login_the_command_needs(reader, command):
    """At once, and once: trying again helps nobody."""
    said = reader.aggregator(*(reader.password if word == "PASSWORD" else word for word in command), code=2, timeout=20)
    assert f"the login {reader.login} is for BI tools" in said.stderr and WRITER in said.stderr
    assert (command[0] == "run" or said.stderr.count("\n") == 1) and said.stdout == ""


def test_who_asked_for_vietnamese_is_told_so_in_vietnamese(reader):
    said = reader.aggregator("issues", "--lang", "vi", code=2).stderr
    assert f"tài khoản {reader.login} dành cho công cụ BI" in said and "lệnh này cần tài khoản mooc_writer" in said


def test_another_login_that_may_only_read_now_is_no_bi_login(database):
    """A server that takes no changes for a while: that passes, and who waits goes on."""
    name = f"other_{uuid.uuid4().hex[:10]}"
    database.query(f"CREATE ROLE {name} LOGIN IN ROLE mooc_writer")
    try:
        database.query(f"ALTER ROLE {name} SET default_transaction_read_only = on")
        other = PrivateDatabase(database.name)
        other.writer = f"host={os.environ['PGHOST']} port={os.environ['PGPORT']} dbname={database.name} user={name}"
        said = other.aggregator("replay", "promote", code=3).stderr
        assert f"takes no changes from the login {name}: default_transaction_read_only is on" in said and "BI tools" not in said
    finally:
        database.query(f"DROP ROLE {name}")


def test_a_login_that_is_there_already_is_said_to_be(database, reader):
    said = database.aggregator("bi-user", "add", reader.login, "--password-file", reader.password, code=2).stderr
    assert f"the login {reader.login} is there already, and sees all units" in said
    assert f"bi-user drop {reader.login}, which ends its sessions, then add it anew" in said
    said = database.aggregator("bi-user", "add", "mooc_owner", "--password-file", reader.password, code=2).stderr
    assert "mooc_owner that is no login of BI tools" in said and "Choose another name" in said
    assert "bi-user list names them" in database.aggregator("bi-user", "drop", "nobody", code=2).stderr
    with psycopg.connect(reader.writer) as still:
        assert still.execute("SELECT count(*) FROM bi.generation").fetchone() == (1,)


def alone(*arguments, code):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MOOC_", "PG"))}
    done = subprocess.run([BINARY, *in_english(arguments, code)], env=environment, text=True, capture_output=True, timeout=60)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stderr


def test_a_database_that_does_not_answer_is_named_with_its_place():
    said = alone("report", "appendix1", "--database", "host=127.0.0.1 port=9 dbname=x", code=3)
    assert "the database (PostgreSQL) at 127.0.0.1:9 does not answer: start it, or correct option database (" in said
    assert "Connection refused)" in said, "the library's own words come last"
    said = alone("close", "--wave", "W", "--at", "2023-10-02", "--doc", "1", "--database", "host=/nowhere port=9", code=3)
    assert "the database (PostgreSQL) on this machine (/nowhere, port 9) does not answer" in said
    said = alone("report", "appendix1", "--lang", "vi", "--database", "host=127.0.0.1 port=9 dbname=x", code=3)
    assert "cơ sở dữ liệu (PostgreSQL) tại 127.0.0.1:9 không trả lời: hãy khởi động nó, hoặc sửa tùy chọn database (" in said


def test_who_forgot_the_configuration_is_told_so():
    if os.path.exists("/var/run/postgresql/.s.PGSQL.5432"):
        pytest.skip("this machine has a PostgreSQL where libpq looks by itself")
    assert "option database is not set: give --config aggregator.yaml (or MOOC_CONFIG)" in alone("report", "appendix1", code=3)


def test_a_database_that_lets_nobody_in_has_answered(database):
    """A configuration to be put right, not a trouble that passes."""
    elsewhere = database.writer.replace(database.name, "no_such_database")
    said = alone("status", "--database", elsewhere, code=2)
    assert "does not let the login mooc_writer in" in said and "does option database name the right database and login?" in said
    assert "does not answer" not in said
    said = alone("status", "--lang", "vi", "--database", elsewhere, code=2)
    assert "không cho tài khoản mooc_writer vào" in said and "đã nêu đúng cơ sở dữ liệu và tài khoản chưa?" in said
    said = alone("status", "--database", database.writer.replace("mooc_writer", "nobody_here"), code=2)
    assert 'role "nobody_here" does not exist' in said and "does option database name the right database and login?" in said


def test_a_check_says_on_standard_output_that_its_login_is_wrong(database, reader):
    """Which is what a monitoring system shows."""
    other, nowhere = PrivateDatabase(database.name), PrivateDatabase(database.name)
    other.writer, nowhere.writer = database.writer.replace("mooc_writer", "nobody_here"), "host"
    for asking, why in ((other, 'role "nobody_here" does not exist'), (nowhere, "option database is no connection string"),
                        (reader, f"the login {reader.login} is for BI tools")):
        checked = asking.aggregator("status", "--check", code=2)
        assert why in checked.stdout and checked.stdout.count("\n") == 1 and checked.stderr == ""
        assert not checked.stdout.startswith("mooc-aggregator: ")


@contextlib.contextmanager
def letting_nobody_in(words=None):
    """A server that says these words at once, or asks for a password in clear and takes none; gives its port."""
    def fatal(code, message):
        fields = f"SFATAL\0VFATAL\0C{code}\0M{message}\0\0".encode()
        return b"E" + (4 + len(fields)).to_bytes(4, "big") + fields

    def serve(listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb") as stream:
                while (first := stream.read(8)) and first[4:] in (b"\x04\xd2\x16\x2f", b"\x04\xd2\x16\x30"):  # SSL, GSS
                    stream.write(b"N")
                    stream.flush()
                stream.read(int.from_bytes(first[:4], "big") - 8)
                if words:
                    stream.write(fatal("28000", words))
                    stream.flush()
                    continue
                stream.write(b"R" + (8).to_bytes(4, "big") + (3).to_bytes(4, "big"))
                stream.flush()
                if stream.read(5):
                    stream.write(fatal("28P01", 'password authentication failed for user "mooc_writer"'))
                    stream.flush()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def test_a_wrong_or_missing_password_is_a_configuration_to_be_put_right(tmp_path):
    password = tmp_path / "password"
    password.write_text("wrong\n")
    password.chmod(0o600)
    with letting_nobody_in() as port:
        place = ("--database", f"host=127.0.0.1 port={port} dbname=x user=mooc_writer")
        said = alone("status", *place, "--database-password-file", password, code=2)
        assert "password authentication failed" in said and "is the password in database_password_file right?" in said
        said = alone("status", *place, code=2)
        assert "wants a password" in said and "database_password_file" in said and "does not answer" not in said
        said = alone("status", "--lang", "vi", *place, code=2)
        assert "đòi mật khẩu" in said and "database_password_file" in said


def test_another_way_of_logging_in_that_fails_is_one_too():
    with letting_nobody_in('Peer authentication failed for user "mooc_writer"') as port:
        said = alone("status", "--database", f"host=127.0.0.1 port={port} dbname=x user=mooc_writer", code=2)
        assert "Peer authentication failed" in said and "the right login, and the way it logs in?" in said and "password" not in said


def test_a_server_that_is_coming_or_going_is_worth_another_try():
    for words in ("the database system is starting up", "the database system is not yet accepting connections", "the database system is shutting down"):
        with letting_nobody_in(words) as port:
            place = ("--database", f"host=127.0.0.1 port={port} dbname=x user=mooc_writer")
            assert f"{words}; try again in a moment" in alone("status", *place, code=3)
            assert f"{words}; lát nữa hãy thử lại" in alone("status", "--lang", "vi", *place, code=3)


def test_too_many_connections_are_nobodys_setting_but_are_told_what_to_do():
    for words in ('too many connections for role "mooc_writer"', "sorry, too many clients already",
                  "remaining connection slots are reserved for roles with the SUPERUSER attribute"):
        with letting_nobody_in(words) as port:
            said = alone("status", "--database", f"host=127.0.0.1 port={port} dbname=x user=mooc_writer", code=3)
            assert f"{words}; end some sessions, or raise max_connections or the login's CONNECTION LIMIT" in said


def test_run_ends_at_once_where_its_login_is_wrong(database):
    said = alone("run", "--metrics-listen", "off", "--database", database.writer.replace("mooc_writer", "nobody_here"), code=2)
    assert "nobody_here" in said and "option database" in said and "goes on by itself" not in said


def test_kafka_that_does_not_answer_is_named_with_its_place(database):
    database.query("UPDATE pulse.writers SET instance = 'a1', heartbeat_at = now() + interval '1 minute'")
    said = database.aggregator("status", "--check", "--brokers", "127.0.0.1:9", code=3).stdout
    assert "Kafka at 127.0.0.1:9 does not answer: start it, or correct option brokers (" in said


@contextlib.contextmanager
def broker_that_lets_nobody_in():
    """As much of Kafka's protocol as it takes to say that a password is wrong; gives its port."""
    def answers(kind, version):
        if kind == 18:  # ApiVersions; of a version it does not know, it says so in the first one
            known = ((17, 0, 1), (18, 0, 0), (36, 0, 0), (3, 0, 1))
            return struct.pack(">hi", 35 if version else 0, len(known)) + b"".join(struct.pack(">hhh", *k) for k in known)
        if kind == 17:  # SaslHandshake
            return struct.pack(">hih", 0, 1, 5) + b"PLAIN"
        words = b"Authentication failed: Invalid username or password"
        return struct.pack(">hh", 58, len(words)) + words + struct.pack(">i", 0)

    def serve_one(connection):
        with connection, connection.makefile("rwb") as stream:
            while size := stream.read(4):
                asked = stream.read(*struct.unpack(">i", size))
                kind, version, number = struct.unpack(">hhi", asked[:8])
                said = struct.pack(">i", number) + answers(kind, version)
                stream.write(struct.pack(">i", len(said)) + said)
                stream.flush()

    def serve(listener):
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=serve_one, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def test_a_kafka_that_takes_no_password_has_answered(database, tmp_path):
    """Who is told to start it would look in the wrong place."""
    password = tmp_path / "password"
    password.write_text("wrong")
    password.chmod(0o600)
    database.query("UPDATE pulse.writers SET instance = 'a1', heartbeat_at = now() + interval '1 minute'")
    with broker_that_lets_nobody_in() as port:
        set_for = ("security.protocol=SASL_PLAINTEXT", "sasl.mechanism=PLAIN", "sasl.username=me", f"sasl.password_file={password}")
        said = database.aggregator("status", "--check", "--brokers", f"127.0.0.1:{port}", *(w for s in set_for for w in ("--kafka", s)),
                                   code=3).stdout
        assert f"Kafka at 127.0.0.1:{port} does not let the login me in: are sasl.username and sasl.password_file right?" in said, said
        assert "Invalid username or password" in said and "does not answer" not in said and "SCRAM" not in said


def test_a_fault_in_what_is_set_for_kafka_is_no_kafka_that_does_not_answer(database):
    """Nobody else's outage: the check says so by its exit code."""
    check = ("status", "--check", "--kafka", "security.protocol=ssl", "--kafka", "ssl.ca.location=/nix")
    database.query("UPDATE pulse.writers SET instance = 'a1', heartbeat_at = now() + interval '1 minute'")
    said = database.aggregator(*check, code=2).stdout
    assert said.startswith("cannot see how far the log goes: Kafka consumer: ") and "ssl.ca.location" in said and said.count("\n") == 1
    database.query("UPDATE pulse.writers SET heartbeat_at = NULL")
    said = database.aggregator(*check, code=1).stdout
    assert said == "nobody is counting: start mooc-aggregator run\n"
