"""The main job, start to end: an Open edX platform, 33 units' rosters with their faults, both services, a compressed week, the
corrections, and the two printed appendices out of PostgreSQL, compared cell by cell."""
import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/platforms"), str(Path(__file__).parent)]

import printed  # noqa: E402
from harness.stack import REFERENCE, WAVE, Stack, wait_for  # noqa: E402
from live import Live, dotted  # noqa: E402
from simulator import Simulator  # noqa: E402

WEEK_SECONDS = 35


def say(text=""):
    print(text, flush=True)


def head(text):
    say(f"\n== {text}")


def make_world(folder):
    subprocess.run([sys.executable, "-m", "world", "hagiang", "--seed", "1", "--out", folder], check=True,
                   stdout=subprocess.DEVNULL, cwd=ROOT / "tests")
    return json.loads((folder / "truth.json").read_text())


def start(stack, platform):
    stack.make_aggregator()
    stack.make_ingest([stack.openedx_source(platform.url, accounts_by_email=True),
                       stack.files_source(poll="500ms")])
    say(stack.command("mooc-aggregator", "config", "load", REFERENCE).stdout.strip().splitlines()[-1])
    stack.aggregator.start()
    stack.ingest.start()
    for service in (stack.aggregator, stack.ingest):
        wait_for(lambda s=service: s.port_file.exists() and s.get("/readyz")[0] == 200, 30,
                 f"{service.binary.name} ready (see {service.log})")


def live_week(stack, platform, world):
    """Half of the offices send their lists before the course begins, the others in its first days."""
    rosters = sorted((world / "rosters").glob("*.xlsx"))
    inbox = stack.folder / "inbox"
    table = Live(stack, WAVE, lambda: platform.clock()["now"][:16].replace("T", " "))
    began = time.monotonic()
    sent = 0
    while True:
        passed = (time.monotonic() - began) / WEEK_SECONDS
        while sent < len(rosters) and sent / len(rosters) <= 0.5 + passed * 2:
            shutil.copy(rosters[sent], inbox / (rosters[sent].name + ".part"))
            (inbox / (rosters[sent].name + ".part")).rename(inbox / rosters[sent].name)
            sent += 1
        table.show()
        if passed >= 1:
            break
        time.sleep(0.5)
    platform.clock(now="end", speed=0)
    return table


def totals(stack):
    row, = stack.query("SELECT coalesce(sum(registered), 0), coalesce(sum(accounts), 0), coalesce(sum(participated), 0),"
                       " coalesce(sum(passed), 0), coalesce(sum(certified), 0) FROM bi.participation WHERE wave = %s", WAVE)
    return dict(zip(("registered", "accounts", "participated", "passed", "certified"), map(int, row)))


def settle(stack, truth, table, what):
    wanted = {k: truth["total"][k] for k in ("registered", "accounts", "participated", "passed", "certified")}

    def there():
        table.show()
        return totals(stack) == wanted
    try:
        wait_for(there, 60, what, every=0.5)
    except AssertionError:
        raise AssertionError(f"{what}: the figures are {totals(stack)}, they should be {wanted}") from None
    table.done()


def show_issues(stack):
    rows = stack.query("SELECT issue, sum(count)::int, min(to_do) FROM bi.data_issues GROUP BY kind_order, issue"
                       " ORDER BY kind_order")
    for issue, count, to_do in rows:
        say(f"  {count:>4}  {issue}: {to_do}")
    return sum(count for _, count, _ in rows)


def report(stack, name, *arguments):
    path = stack.folder / f"{name}.xlsx"
    stack.command("mooc-aggregator", "report", name, *arguments, "--format", "xlsx", "--out", path)
    return stack.command("mooc-aggregator", "report", name, *arguments, "--format", "csv").stdout, path


def print_and_compare(stack):
    say(stack.command("mooc-aggregator", "report", "appendix1", "--wave", WAVE).stdout)
    say(stack.command("mooc-aggregator", "report", "appendix2").stdout)
    one, path1 = report(stack, "appendix1", "--wave", WAVE)
    two, path2 = report(stack, "appendix2")
    small, _ = report(stack, "groups", "--wave", WAVE, "--below", "20")
    results = [("appendix 1", "rows", printed.appendix1(one)), ("appendix 2", "rows", printed.appendix2(two)),
               ("groups under 20 %", "", printed.groups(small))]
    wrong = [w for _, _, (_, _, ws) in results for w in ws]
    for line in wrong:
        say(f"  differs: {line}")
    for name, rows, (equal, count, _) in results:
        say(f"{name}: {equal} of {count} {rows + ' ' if rows else ''}equal")
    certified = totals(stack)["certified"]
    say(f"certified {dotted(certified)}")
    return not wrong and certified == 2072, (path1, path2)


def make_bi_login(stack):
    """A login of the demo's own; its password is in a file that psql reads."""
    login = f"bi_{stack.name}"
    password = stack.folder / "bi-password"
    password.touch(mode=0o600)
    password.write_text("demo-only\n")
    stack.query(f"DROP ROLE IF EXISTS {login}")
    stack.command("mooc-aggregator", "bi-user", "add", login, "--password-file", password)
    return login


def what_next(stack, paths, login):
    aggregator = os.path.relpath(stack.binaries / "mooc-aggregator")
    config = f"--config {os.path.relpath(stack.aggregator.config)}"
    say("\nThe appendices as Excel files:")
    for path in paths:
        say(f"  {path}")
    say("Other reports, also as csv, json or xlsx, and how the service fares (nobody counts now: the demo is over):")
    say(f"  {aggregator} report participation --wave {WAVE} {config}")
    say(f"  {aggregator} issues {config}")
    say(f"  {aggregator} status {config}")
    say("The figures as a BI tool sees them:")
    say(f"  PGPASSWORD=demo-only psql \"host={os.environ['PGHOST']} port={os.environ['PGPORT']} "
        f"dbname={stack.database} user={login}\" -c "
        "\"SELECT unit_name, registered, participated, passed FROM bi.participation ORDER BY unit_name\"")
    say("Next: `make test` proves it under kills, restarts and poison; `make up` gives an empty stack for a configuration "
        "of your own (README, Configuration by example); `make down` stops Kafka and PostgreSQL.")


def run(stack, folder):
    head("The world: 2,716 learners, 33 units, their lists as offices send them")
    world = folder / "world"
    truth = make_world(world)
    with Simulator(world="hagiang", seed=1, start="begin", speed=10 * 86400 / WEEK_SECONDS, expires_in=30,
                   rate=["enrollment=6000/minute", "default=6000/minute"]) as platform:
        start(stack, platform)
        head(f"Ten days of September 2023 in {WEEK_SECONDS} seconds, both services running")
        table = live_week(stack, platform, world)
        stack.command("mooc-ingest", "import", world / "totals.xlsx", "--kind", "totals", "--yes")
        settle(stack, truth["before"], table, "the figures before the corrections")
        head("What is wrong with the lists (bi.data_issues)")
        show_issues(stack)
        head("The units send the corrections back")
        say("  " + stack.command("mooc-ingest", "correct", world / "corrections.xlsx").stdout.strip().splitlines()[-1])
        settle(stack, truth["after"], table, "the figures after the corrections")
        head("What is left")
        show_issues(stack)
        head("The two appendices of report 555/CAT of 2 October 2023, out of PostgreSQL")
        equal, paths = print_and_compare(stack)
        for service in (stack.ingest, stack.aggregator):
            code, seconds = service.stop()
            if code != 0:
                say(f"{service.binary.name} ended with {code} after {seconds:.1f} s")
                equal = False
    return equal, paths


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--binaries", type=Path, required=True)
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    shutil.rmtree(arguments.folder, ignore_errors=True)
    stack = Stack(arguments.folder, arguments.binaries, name="demo")
    began = time.monotonic()
    try:
        stack.open()
        equal, paths = run(stack, arguments.folder)
        what_next(stack, paths, make_bi_login(stack))
    except AssertionError as failure:
        say(f"\nThe demo failed: {failure}\nLogs: {stack.folder}/*.log")
        return 1
    except KeyboardInterrupt:
        say("\nStopped; what the demo had started is ended.")
        return 130
    finally:
        stack.close(keep_server_side=True)
    say(f"\n{'Everything equal' if equal else 'NOT everything equal'}, {time.monotonic() - began:.0f} s.")
    return 0 if equal else 1


if __name__ == "__main__":
    sys.exit(main())
