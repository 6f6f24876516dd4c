"""What no log can give back goes into a folder and comes back from it: all of it, checked, onto a database deployed anew."""
import hashlib
import json
import os
import re
import shutil
import subprocess

import pytest
from confluent_kafka.admin import AdminClient

from harness import checks, recompute, small_world
from harness.hand_made import event, listed
from harness.stack import wait_for
from private_database import ROOT, private_database
from simulator import Simulator
from test_replay import World

FOLDER = ROOT / "config/hagiang-2023"


def configure(folder, database):
    secret = folder / "secrets/database"
    secret.parent.mkdir(parents=True, exist_ok=True)
    secret.write_text("correct horse battery")
    secret.chmod(0o600)
    config = folder / "aggregator.yaml"
    config.write_text(json.dumps({"database": database.writer, "database_password_file": "secrets/database",
                                  "kafka": {"sasl.mechanism": "PLAIN", "sasl.password_file": str(secret)},
                                  "metrics": {"port_file": str(folder / "port")}}))
    return config


def run(config, *arguments, code=0):
    binaries = os.environ.get("MOOC_BIN_DIR", ROOT / "build/asan")
    done = subprocess.run([f"{binaries}/mooc-aggregator", *map(str, arguments), "--config", config], text=True, capture_output=True,
                          timeout=60, env={k: v for k, v in os.environ.items() if not k.startswith("MOOC_")})
    assert done.returncode == code, f"exit {done.returncode}\n{done.stdout}{done.stderr}"
    return done


def saved(database):
    """Every saved and derived table's rows."""
    names = [n for (n,) in database.query("SELECT name FROM pulse.saved_tables")]
    derived = ["tree_versions", "unit_paths", "unit_path_names", "working_days", "target_numbers", "plan_sums", "plan_reach"]
    return {name: database.query(f'SELECT t::text FROM {name} t ORDER BY t::text COLLATE "C"')
            for name in names + [f"pulse.{d}" for d in derived]}


def test_backup_comes_back_whole_or_not_at_all(tmp_path):
    login = f"bi_backup_{os.getpid()}"
    with private_database() as old, private_database() as new:
        kept, there = set(), set()
        config = configure(tmp_path, old)
        run(config, "config", "load", FOLDER, "--reason", "the first")
        (tmp_path / "password").write_text("for reading only")
        (tmp_path / "password").chmod(0o600)
        run(config, "bi-user", "add", login, "--password-file", tmp_path / "password", "--unit", "HG-SYTE")
        try:
            stored = old.query("SELECT rolpassword FROM pg_authid WHERE rolname = %s", login)
            # Names, times and numbers at the edges of what a table can hold.
            old.query("""INSERT INTO pulse.dead_dropped VALUES (gen_random_uuid(), 9223372036854775807, 'a"b\\c', 0, 1, E'é\u202e\t', 'infinity', E'x\ny'),
                             (gen_random_uuid(), 1, '', 2147483647, 0, '', '2023-09-20 01:02:03.456789+07', '{}')""")
            old.query("UPDATE pulse.trainings SET completion_min_progress = 0.1::float8 + 0.2::float8")
            # The live one is the fourth generation, with the second config.
            old.query("""INSERT INTO pulse.config_versions VALUES (2, 'two');
                         INSERT INTO pulse.trainings SELECT 2, training, completion_min_progress FROM pulse.trainings;
                         INSERT INTO pulse.waves SELECT 2, wave, training, begins, ends, totals_only FROM pulse.waves;
                         SELECT pulse.create_generation(4, 2, 2), pulse.rebuild_live_views();
                         UPDATE pulse.live SET generation = 4; UPDATE pulse.generations SET config_version = 2;
                         SELECT pulse.rebuild_plans()""")
            before = saved(old)
            folder = tmp_path / "saved"
            assert "make it first" in run(config, "backup", tmp_path / "none/backup", code=2).stderr and not (tmp_path / "none").exists()
            run(config, "backup", folder)
            assert "is not empty" in run(config, "backup", folder, code=2).stderr
            layout(folder, config)
            # Logins are the server's: another test's may have been there too.
            kept = {json.loads(row)["login"] for row in (folder / "tables/bi_logins.jsonl").read_text().splitlines()}
            assert login in kept
            old.query(f"DROP ROLE {login}")
            config = configure(tmp_path, new)
            faults(config, folder, new)
            (tmp_path / "secrets/database").unlink()
            there = logins_there(new)
            done = run(config, "restore", folder, "--reason", "the server burned").stdout
            assert re.search("[1-9][0-9]* logins of BI tools", done) and "generation 1 has config version 2, as generation 4 had" in done
            assert (tmp_path / "secrets/database").read_text() == "correct horse battery"
            assert new.query("SELECT rolpassword FROM pg_authid WHERE rolname = %s", login) == stored
            after = saved(new)
            noted, = [row for row in after["pulse.audit"] if row not in before["pulse.audit"]]
            after["pulse.audit"].remove(noted)
            assert "the server burned" in noted[0] and noted[0].startswith("(3,")
            assert after == before and all(len(before[n]) > 0 for n in ("pulse.units", "pulse.audit", "pulse.unit_paths", "pulse.calendar"))
            assert new.query("SELECT generation, config_version FROM pulse.generations") == [(1, 2)]
            again = run(config, "restore", folder, code=1)
            assert "the database holds" in again.stderr and "nothing was written" in again.stderr
            audited(config)
        finally:
            for name in {login} | (kept - there):
                new.query(f'DROP ROLE IF EXISTS "{name}"')


def logins_there(database):
    return {name for (name,) in database.query("SELECT rolname FROM pg_roles")}


def layout(folder, config):
    assert folder.stat().st_mode & 0o777 == 0o700
    names = {str(f.relative_to(folder)) for f in folder.rglob("*") if f.is_file()}
    assert {"aggregator.yaml", "manifest.json", "secrets/0", "secrets/list", "tables/pulse.units.jsonl", "tables/bi_logins.jsonl"} <= names
    assert "secrets/1" not in names  # one file named twice
    assert (folder / "aggregator.yaml").read_text() == config.read_text()
    assert (folder / "secrets/0").read_text() == "correct horse battery"
    assert {(folder / n).stat().st_mode & 0o777 for n in names} == {0o600}
    manifest = json.loads((folder / "manifest.json").read_text())
    assert {f["name"] for f in manifest["files"]} == names - {"manifest.json"}
    assert manifest["database"]["config_version"] == 2 and manifest["database"]["generation"] == 4


def faults(config, folder, database):
    """Each is refused, and nothing is written."""
    untouched = saved(database)

    def change(name, edit):
        path = folder / name
        whole = path.read_bytes()
        path.unlink() if edit is None else path.write_bytes(edit(whole))
        return lambda: path.write_bytes(whole)

    def flipped(data):
        at = len(data) // 2
        return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]

    def schema(data):
        return data.replace(b'"schema_version" : ', b'"schema_version" : 9')
    for name, edit, code, said in (("tables/pulse.units.jsonl", flipped, 1, "its checksum is another"),
                                   ("tables/pulse.calendar.jsonl", None, 1, "is not whole"),
                                   ("secrets/0", flipped, 1, "its checksum is another"),
                                   ("manifest.json", schema, 1, "was saved from schema version 9"),
                                   ("manifest.json", lambda d: d.replace(b'"format":1', b'"format":3'), 2, "has format 3"),
                                   ("manifest.json", lambda d: d.replace(b'of":"mooc-aggregator', b'of":"mooc-ingest'), 2, "a backup of mooc-ingest"),
                                   ("manifest.json", lambda d: d.replace(b'"name":"pulse.units"', b'"name":"pulse.towns"'), 1, "in another shape"),
                                   ("manifest.json", lambda d: d.replace(b'"rows":33,', b'"rows":34,').replace(b'"rows":1,', b'"rows":2,'), 1, "not 2"),
                                   ("manifest.json", None, 2, "made and finished")):
        mend = change(name, edit)
        assert said in run(config, "restore", folder, code=code).stderr, name
        mend()
        assert saved(database) == untouched, name
    database.query("INSERT INTO pulse.calendar VALUES ('2023-09-02', 'holiday', 'x')")
    refused = run(config, "restore", folder, code=1)
    assert "the database holds rows of pulse.calendar" in refused.stderr
    database.query("DELETE FROM pulse.calendar")
    database.query("INSERT INTO pulse.offsets VALUES (1, 'mooc.events.v1', 0, 5, 1, 0)")
    assert "the database holds counted figures" in run(config, "restore", folder, code=1).stderr
    database.query("DELETE FROM pulse.offsets")
    assert saved(database) == untouched


def audited(config):
    table = run(config, "audit").stdout
    assert "loaded reference data" in table and "the first" in table and "restored a backup" in table
    entries = json.loads(run(config, "audit", "--format", "json").stdout)["entries"]
    assert [(e["action"], e["reason"], e["config_version"]) for e in entries] == [
        ("config load", "the first", 1), ("bi-user add", None, None), ("restore", "the server burned", 2)]
    assert entries[2]["detail"]["was_generation"] == 4
    assert json.loads(run(config, "audit", "--since", "2199-12-31", "--format", "json").stdout) == {"entries": []}
    assert "takes a day" in run(config, "audit", "--since", "yesterday", code=2).stderr


# What is as of now, or when it was made.
MOVING = {"age", "changed_at", "created_at", "config_loaded_at"}


def sums(stack):
    """A checksum of each table that counting makes, and of each view of schema bi."""
    tables = [t for (t,) in stack.query("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'gen_1'")]
    views = [v for (v,) in stack.query("SELECT format('%I.%I', schemaname, viewname) FROM pg_views WHERE schemaname = 'bi'")]
    return {name: stack.query(f"""SELECT count(*), md5(string_agg(r, '|' ORDER BY r COLLATE "C"))
                                    FROM (SELECT (to_jsonb(t) - %s::text[])::text AS r FROM {name} t) t""", list(MOVING))[0]
            for name in sorted([*tables, *views, "archive.events", "archive.offsets"])}


@pytest.mark.long
def test_both_services_come_back_on_empty_servers(stack):
    """PostgreSQL is lost, and so are ingest's machine and the state topic; backups and the log remain."""
    with Simulator(**small_world.SIMULATOR, speed=7 * 86400 / 15) as platform:
        small_world.start(stack, platform)
        restored = stack.folder / "restored"
        restored.mkdir()
        wait_for(lambda: small_world.figures(stack), 30, "it counts")
        stack.command("mooc-aggregator", "backup", restored / "mooc-aggregator")  # while it runs
        small_world.settle(stack, platform)
        before = sums(stack)
        stack.command("mooc-ingest", "backup", restored / "mooc-ingest")
        log = [len(checks.read_log(stack, kind)) for kind in ("events", "dead")]
        lose(stack)
        for program in ("mooc-aggregator", "mooc-ingest"):
            assert "restored" in stack.command(program, "restore", restored / program).stdout
        stack.command("mooc-ingest", "state", "rebuild")
        stack.aggregator.start()
        wait_for(lambda: checks.counted_to_the_end(stack), 60, "all is counted again")
        after = sums(stack)
        assert {n: (before[n], after[n]) for n in before if before[n] != after.get(n)} == {}
        assert before["gen_1.states"][0] > 100 and before["bi.participation"][0] > 1
        checks.check_tallies(stack)
        stack.ingest.start()
        swept_again(stack)
        small_world.stop(stack.ingest)
        shutil.rmtree(stack.folder / "data")  # only the machine is lost: the state topic is there
        stack.command("mooc-ingest", "restore", restored / "mooc-ingest")
        stack.ingest.start()
        swept_again(stack)
        small_world.stop(stack.ingest)
        wait_for(lambda: checks.counted_to_the_end(stack), 30, "nothing is left to count")
        small_world.stop(stack.aggregator)
    checks.check_log(stack)
    events, dead = (checks.read_log(stack, kind) for kind in ("events", "dead"))
    assert len(dead) == log[1] and len(events) > log[0]
    published = sorted(events, key=lambda e: int(json.loads(e)["revision"]))[log[0]:]
    assert {json.loads(e)["type"] for e in published} == {"source.swept"}
    after = sums(stack)
    assert {n for n in before if n.startswith("gen_1.") and before[n] != after[n]} == {"gen_1.marks"}


@pytest.mark.long
def test_the_figures_come_back_from_the_archive_alone(tmp_path):
    """PostgreSQL is lost, and the log's start was let go: backup and archive remain."""
    with World(tmp_path) as world:
        world.service.start()
        world.send_odd()
        world.count(1500)
        letters = "SELECT count(*) FROM gen_{}.dead_letters"
        wait_for(lambda: world.stack.query(letters.format(1)) == [(6,)], 20, "letters")
        world.service.stop()
        before, vector, folder = world.tables(1), world.vector(1), tmp_path / "saved"
        version = world.stack.query("SELECT fold_version FROM pulse.generations")
        world.command("backup", folder)
        world.command("archive", "export", tmp_path / "export", "--all")
        subprocess.run(["dropdb", "--force", world.stack.database], check=True)
        subprocess.run([ROOT / "deploy/dev/schema.sh", world.stack.database, "copy"], check=True, capture_output=True)
        assert "no archive to count from" in world.command("restore", folder, "--from-archive", code=1).stderr
        world.command("archive", "import", tmp_path / "export")
        assert "holds an archive" in world.command("restore", folder, code=1).stderr
        assert "replay start --from-archive" in world.command("restore", folder, "--from-archive").stdout
        world.service.start()  # too early: it stands by
        world.command("replay", "start", "--from-archive")
        assert world.tables(1)["states"] == []
        world.command("replay", "promote")
        world.command("replay", "drop")
        # Reports of rejected records are in no archive: they come from their own topic.
        wait_for(lambda: world.stack.query(letters.format(2)) == [(6,)] and world.vector(2) == vector, 30, "it counts on")
        assert world.tables(2) == before
        assert world.stack.query("SELECT fold_version FROM pulse.generations") == version
        world.count(300)
        assert recompute.differences(world.stack.query, 2) == []
        assert world.service.stop()[0] == 0


def lose_postgresql(stack):
    subprocess.run(["dropdb", "--force", stack.database], check=True)
    subprocess.run([ROOT / "deploy/dev/schema.sh", stack.database, "copy"], check=True, capture_output=True)


@pytest.mark.long
@pytest.mark.parametrize("how", ["from the log", "from an export made before"])
def test_who_was_erased_does_not_come_back_to_the_archive(tmp_path, how):
    """What the log and the old export say of them was said before their erasure; the backup knows of it."""
    full = "SELECT id COLLATE \"default\" FROM archive.events WHERE value IS NOT NULL AND type <> 'learner.erased'"
    gone = hashlib.sha256(b"row:gone").hexdigest()[:32]
    with World(tmp_path) as world:
        def send(*values):
            for value in values:
                world.producer.produce(world.stack.topics["events"], value, b"one partition")
            assert world.producer.flush(60) == 0
            world.sent += len(values)
            world.counted()
        config = json.loads(world.service.config.read_text())
        world.service.config.write_text(json.dumps(config | {"batch": {"records": 1}}))  # no batch tells what is still to come
        world.service.start()
        send(listed("gone"), listed("stays"))
        world.command("archive", "export", tmp_path / "export", "--all")
        send(event("learner.erased", f"erased:{gone}", None, source="+erasure", key=gone))
        assert len(world.stack.query(full)) == 2
        world.command("erase", "--finish")
        assert len(world.stack.query(full)) == 1
        world.service.stop()
        world.command("backup", tmp_path / "saved")
        lose_postgresql(world.stack)
        if how == "from the log":
            world.command("restore", tmp_path / "saved")
        else:
            world.command("archive", "import", tmp_path / "export")
            assert len(world.stack.query(full)) == 2
            world.command("restore", tmp_path / "saved", "--from-archive")
            world.command("replay", "start", "--from-archive")
            world.command("replay", "promote")
        world.service.start()
        world.counted()
        assert len(world.stack.query(full)) == 1
        assert recompute.differences(world.stack.query, world.live()) == []


def lose(stack):
    lose_postgresql(stack)
    shutil.rmtree(stack.folder / "data")
    for secret in ("hmac-key", "client-secret"):
        (stack.folder / secret).unlink()
    admin = AdminClient({"bootstrap.servers": stack.brokers})
    for future in admin.delete_topics([stack.topics["state"]], operation_timeout=30).values():
        future.result()
    wait_for(lambda: stack.topics["state"] not in admin.list_topics(timeout=10).topics, 30, "the state topic is gone")
    stack._topics()


def swept_again(stack):
    """Every stream of the platform has been read whole since this ingest was started."""
    def through():
        said = json.loads(stack.command("mooc-ingest", "status", "--format", "json", code=None).stdout or "{}")
        mine = said.get("pid") == stack.ingest.process.pid
        return mine and [t.get("through", "") for s in said["sources"] for t in s["streams"] if s["kind"] == "openedx"]
    wait_for(lambda: through() and all(through()), 60, "swept")
    first = max(through())
    wait_for(lambda: min(through()) > first, 60, "swept again")
