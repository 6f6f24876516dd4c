"""The main job, start to end: an Open edX platform, 33 units' rosters with their faults, both services, a compressed week, the
corrections, and the two printed appendices out of PostgreSQL, compared cell by cell.

Where all this runs is a site: `local.py` has processes, `compose.py` the containers of docker-compose.yml (its main program is
`compose_test.py`). A site offers

    start(speed)                    everything up and ready, the platform's week begun; what `config load` said
    clock(**change)                 the platform's clock
    send(roster, saved)             a list into the watched folder, saved at that instant (seconds since 1970)
    command(program, *arguments)    what the program prints
    hand(program, path)             a file of ours, as the program can open it
    place(name), fetch(program, …)  where the program may write a file, and that file brought here
    query(sql, *parameters)         rows
    counted()                       records that the aggregator has counted
    stop()                          [(program, exit code, seconds)]
    psql()                          connection of the BI login, as psql takes it
    folder, logs, login
"""
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
from harness.stack import WAVE, Stack, wait_for  # noqa: E402
from live import Live, dotted  # noqa: E402
from local import Local  # noqa: E402

WEEK_SECONDS = 35
SPEED = 10 * 86400 / WEEK_SECONDS
# What happens after the week, by the platform's clock (Vietnam's time): all of it before the report of 2 October 2023 was sent.
CORRECTED, PUBLISHED, AFTERWARDS = "2023-09-30 09:00", "2023-10-02", "2023-10-03T08:00"
BI_PASSWORD = "only-for-the-demo"


def say(text=""):
    print(text, flush=True)


def head(text):
    say(f"\n== {text}")


def make_world(folder):
    subprocess.run([sys.executable, "-m", "world", "hagiang", "--seed", "1", "--out", folder], check=True,
                   stdout=subprocess.DEVNULL, cwd=ROOT / "tests")
    return json.loads((folder / "truth.json").read_text())


def now_there(site):
    return site.clock()["micros"] / 1e6


def live_week(site, world):
    """Half of the offices send their lists before the course begins, the others in its first days."""
    rosters = sorted((world / "rosters").glob("*.xlsx"))
    table = Live(site, WAVE, lambda: now_there(site), SPEED)
    began = time.monotonic()
    sent = 0
    while True:
        passed = (time.monotonic() - began) / WEEK_SECONDS
        while sent < len(rosters) and sent / len(rosters) <= 0.5 + passed * 2:
            site.send(rosters[sent], now_there(site))
            sent += 1
        table.show()
        if passed >= 1:
            break
        time.sleep(0.5)
    site.clock(now="end", speed=0)
    return table


def totals(site):
    row, = site.query("SELECT coalesce(sum(registered), 0), coalesce(sum(accounts), 0), coalesce(sum(participated), 0),"
                      " coalesce(sum(passed), 0), coalesce(sum(certified), 0) FROM bi.participation WHERE wave = %s", WAVE)
    return dict(zip(("registered", "accounts", "participated", "passed", "certified"), map(int, row)))


def settle(site, truth, table, what):
    wanted = {k: truth["total"][k] for k in ("registered", "accounts", "participated", "passed", "certified")}

    def there():
        table.show()
        return totals(site) == wanted
    try:
        wait_for(there, 60, what, every=0.5)
    except AssertionError:
        raise AssertionError(f"{what}: the figures are {totals(site)}, they should be {wanted}") from None
    table.done()


def read_on(site):
    """The platform is read through the day of the report, so that its figures can be closed."""
    site.clock(now=AFTERWARDS, speed=0)
    wait_for(lambda: site.query("SELECT min(complete_through) >= %s FROM bi.freshness WHERE source = 'daotao'",
                                AFTERWARDS + "+07")[0][0], 60, f"the platform read through {AFTERWARDS}", every=0.5)


def show_issues(site):
    rows = site.query("SELECT issue, sum(count)::int, min(to_do) FROM bi.data_issues GROUP BY kind_order, issue"
                      " ORDER BY kind_order")
    for issue, count, to_do in rows:
        say(f"  {count:>4}  {issue}: {to_do}")
    return sum(count for _, count, _ in rows)


def report(site, name, *arguments):
    there = site.place(f"{name}.xlsx")
    site.command("mooc-aggregator", "report", name, *arguments, "--format", "xlsx", "--out", there)
    return (site.command("mooc-aggregator", "report", name, *arguments, "--format", "csv"),
            site.fetch("mooc-aggregator", there))


def compare(site):
    """Every cell with the printed tables; the reports are written as XLSX too. Gives (all equal, their paths)."""
    one, path1 = report(site, "appendix1", "--wave", WAVE)
    two, path2 = report(site, "appendix2")
    small, _ = report(site, "groups", "--wave", WAVE, "--below", "20")
    results = [("appendix 1", "rows", printed.appendix1(one)), ("appendix 2", "rows", printed.appendix2(two)),
               ("groups under 20 %", "", printed.groups(small))]
    wrong = [w for _, _, (_, _, ws) in results for w in ws]
    for line in wrong:
        say(f"  differs: {line}")
    for name, rows, (equal, count, _) in results:
        say(f"{name}: {equal} of {count} {rows + ' ' if rows else ''}equal")
    certified = totals(site)["certified"]
    say(f"certified {dotted(certified)}")
    return not wrong and certified == 2072, (path1, path2)


def make_bi_login(site):
    """A login of the demo's own, with a password that is no secret."""
    password = site.folder / "bi-password"
    password.touch(mode=0o600)
    password.write_text(BI_PASSWORD + "\n")
    site.query(f"DROP ROLE IF EXISTS {site.login}")
    site.command("mooc-aggregator", "bi-user", "add", site.login, "--password-file", site.hand("mooc-aggregator", password))


def what_next(site, paths):
    aggregator = os.path.relpath(site.binaries / "mooc-aggregator")
    config = f"--config {os.path.relpath(site.stack.aggregator.config)}"
    say("\nThe appendices as Excel files:")
    for path in paths:
        say(f"  {path}")
    say("Other reports, also as csv, json or xlsx, and how the service fares (nobody counts now: the demo is over):")
    say(f"  {aggregator} report participation --wave {WAVE} {config}")
    say(f"  {aggregator} issues {config}")
    say(f"  {aggregator} status {config}")
    say(f"  {aggregator} report pack --period 2023-W39 --out {os.path.relpath(site.folder / 'packs-2023-W39')} {config}")
    say(f"  {aggregator} close --wave {WAVE} --at 2023-10-02 --doc 555/CAT {config}")
    say(f"  {aggregator} report appendix1 --closed 555/CAT {config}")
    say("A unit's list back, with where each person stands: people are found by the key that mooc-ingest hashed them with,")
    say(f"which is {os.path.relpath(site.folder / 'hmac-key')} here:")
    roster = next(p for p in sorted((site.folder / "world/rosters").iterdir()) if p.suffix == ".xlsx")
    say(f"  {aggregator} report follow-up --roster \"{os.path.relpath(roster)}\" --wave {WAVE} --out follow-up.xlsx "
        f"--hmac-key-file {os.path.relpath(site.folder / 'hmac-key')} {config}")
    say("The figures as a BI tool sees them:")
    say(f"  PGPASSWORD={BI_PASSWORD} psql \"{site.psql()}\" -c "
        "\"SELECT unit_name, registered, participated, passed FROM bi.participation ORDER BY unit_name\"")
    say("Next: `make test` proves it under kills, restarts and poison; `make up` gives an empty stack for a configuration "
        "of your own (README, Configuration by example); `make down` stops Kafka and PostgreSQL.")
    return True


def run(site):
    head("The world: 2,716 learners, 33 units, their lists as offices send them")
    world = site.folder / "world"
    truth = make_world(world)
    say(site.start(speed=SPEED))
    head(f"Ten days of September 2023 in {WEEK_SECONDS} seconds, both services running")
    table = live_week(site, world)
    site.command("mooc-ingest", "import", site.hand("mooc-ingest", world / "totals.xlsx"), "--kind", "totals", "--yes",
                 "--received", PUBLISHED)
    settle(site, truth["before"], table, "the figures before the corrections")
    head("What is wrong with the lists (bi.data_issues)")
    show_issues(site)
    head("The units send the corrections back")
    corrections = site.hand("mooc-ingest", world / "corrections.xlsx")
    say("  " + site.command("mooc-ingest", "correct", corrections, "--received", CORRECTED).strip().splitlines()[-1])
    settle(site, truth["after"], table, "the figures after the corrections")
    read_on(site)
    head("What is left")
    show_issues(site)
    head("The two appendices of report 555/CAT of 2 October 2023, out of PostgreSQL")
    say(site.command("mooc-aggregator", "report", "appendix1", "--wave", WAVE))
    say(site.command("mooc-aggregator", "report", "appendix2"))
    equal, paths = compare(site)
    make_bi_login(site)
    for program, code, seconds in site.stop():
        if code != 0:
            say(f"{program} ended with {code} after {seconds:.1f} s")
            equal = False
    return equal, paths


def perform(site, afterwards):
    """The demo on this site, then afterwards(site, paths), which is true if all was right there too; gives the exit code."""
    shutil.rmtree(site.folder, ignore_errors=True)
    site.folder.mkdir(parents=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    began = time.monotonic()
    try:
        with site:
            equal, paths = run(site)
            equal = afterwards(site, paths) and equal
    except AssertionError as failure:
        say(f"\nThe demo failed: {failure}\nLogs: {site.logs}")
        return 1
    except KeyboardInterrupt:
        say("\nStopped; what the demo had started is ended.")
        return 130
    say(f"\n{'Everything equal' if equal else 'NOT everything equal'}, {time.monotonic() - began:.0f} s.")
    return 0 if equal else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--binaries", type=Path, required=True)
    parser.add_argument("--name", default="demo", help="of its database, topics and login")
    arguments = parser.parse_args()
    return perform(Local(Stack(arguments.folder, arguments.binaries, name=arguments.name)), what_next)


if __name__ == "__main__":
    sys.exit(main())
