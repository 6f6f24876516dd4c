"""Which report takes which option: what the documentation says, what --help says, and what is refused, are one."""
import os
import re
import subprocess

import pytest

from private_database import BINARY, ROOT

OF_WAVE = {"appendix1", "appendix2", "groups", "participation", "waves", "deadlines", "issues", "headcounts", "targets", "summary"}
COUNTED = OF_WAVE | {"monthly"}
PRINTED = COUNTED | {"closed", "changes"}
REPORTS = PRINTED | {"follow-up", "pack"}
TAKES = {
    "--wave": OF_WAVE | {"follow-up", "pack"}, "--training": COUNTED | {"pack"}, "--unit": COUNTED - {"appendix2"} | {"follow-up", "pack"},
    "--month": {"monthly", "headcounts"}, "--below": {"groups", "summary", "changes"}, "--at": COUNTED, "--explain": COUNTED, "--why": COUNTED,
    "--limit": COUNTED, "--closed": OF_WAVE, "--since": {"changes"}, "--period": {"pack"}, "--roster": {"follow-up"}, "--encoding": {"follow-up"},
    "--reason": {"follow-up"}, "--hmac-key-file": {"follow-up"}, "--hmac-key-version": {"follow-up"}, "--attached-to": PRINTED | {"pack"},
    "--place": PRINTED | {"pack"}, "--signer": PRINTED | {"pack"}, "--format": PRINTED | {"follow-up"}, "--out": REPORTS, "--lang": REPORTS}
VALUES = {"--explain": (), "--encoding": ("utf-8",), "--below": ("3",), "--limit": ("3",), "--hmac-key-version": ("1",), "--format": ("csv",),
          "--lang": ("en",)}
FOR_ALL = {"--config", "--brokers", "--events-topic", "--dead-topic", "--database", "--database-password-file", "--instance", "--log-level",
           "--log-format", "--kafka", "--check-config", "--help"}


def run(*arguments, **variables):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MOOC_")} | variables
    return subprocess.run([BINARY, *arguments], env={"MOOC_LANG": "en"} | environment, text=True, capture_output=True, timeout=60)


def section(start, end):
    text = (ROOT / "docs/reports.md").read_text()
    return text[text.index(start):text.index(end)]


@pytest.mark.parametrize("report", sorted(REPORTS))
def test_help_of_a_report_has_its_options(report):
    flags = set(re.findall(r"^  (--[a-z-]+)", run("report", report, "--help").stdout, re.M))
    assert flags == {flag for flag, takers in TAKES.items() if report in takers}


def test_help_of_a_report_begins_with_what_it_is():
    """And ends with where the rest stands: the other reports, the options of every command."""
    listed = dict(re.findall(r"^  ([a-z0-9-]+) +(.*?)$", run("report", "--help").stdout.partition("Arguments:")[2].partition("Options:")[0], re.M))
    assert set(listed) == REPORTS
    for report, what in listed.items():
        usage, _, first, _, options, *_ = (said := run("report", report, "--help").stdout).split("\n")
        assert usage == f"Usage: mooc-aggregator report {report} [--OPTION VALUE ...]" and first.startswith(what) and options == "Options:", said
        assert said.endswith("\n\n`mooc-aggregator report --help` tells what else there is, `mooc-aggregator --help` which options every\ncommand takes.\n")
        assert not any(f"  {flag}" in said for flag in FOR_ALL)
    assert {"--database", "--config"} <= set(re.findall(r"^  (--[a-z-]+)", run("--help").stdout, re.M))


@pytest.mark.parametrize("flag", sorted(TAKES))
def test_an_option_that_a_report_would_not_look_at_is_refused(flag):
    """Before anything is asked of a server."""
    for report in sorted(REPORTS - TAKES[flag]):
        done = run("report", report, flag, *VALUES.get(flag, ("x",)), "--database", "host=127.0.0.1 port=9")
        assert done.returncode == 2 and done.stderr.startswith(f"mooc-aggregator: {flag} is no option of report {report}, but of: "), done.stderr
    for report in sorted(TAKES[flag]):
        done = run("report", report, flag, *VALUES.get(flag, ("x",)), "--database", "host=127.0.0.1 port=9")
        assert "is no option" not in done.stderr, done.stderr


def test_the_table_of_the_documentation_names_every_option():
    table = section("| option |", "## Formats")
    assert set(re.findall(r"`(--[a-z-]+)", table)) >= set(TAKES)
    reports = set(re.findall(r"^\| `([a-z0-9-]+)` \|", section("| report | what", "Which documents"), re.M))
    assert reports == COUNTED
    of = {flag: cells for cells in re.findall(r"^\| (`--.*?) \| (.*?) \|", table, re.M) for flag in re.findall(r"`(--[a-z-]+)", cells[0])}
    for flag, (_, takers) in of.items():
        named = set(re.findall(r"`([a-z0-9-]+)`", takers))
        if takers.startswith("all of the table above"):
            but = re.match(r"all of the table above(?: but `([a-z0-9-]+)`)?(.*)", takers)
            named = COUNTED - {but[1]} | set(re.findall(r"`([a-z0-9-]+)`", but[2]))
        elif takers.startswith("every one"):
            continue
        assert named == TAKES[flag], flag


def test_an_option_that_only_one_form_prints_is_refused_in_others():
    for arguments, said in ((("--signer", "X"), "--signer is printed in xlsx and html only"),
                            (("--place", "X", "--format", "csv"), "--place is printed in xlsx and html only"),
                            (("--attached-to", "X", "--format", "csv-excel"), "--attached-to has no place in csv"),
                            (("--limit", "3"), "--limit is how many people --why lists")):
        done = run("report", "appendix1", *arguments, "--database", "host=127.0.0.1 port=9")
        assert done.returncode == 2 and said in done.stderr, done.stderr


def test_what_narrows_is_not_passed_over_where_it_comes_from_the_environment():
    done = run("report", "appendix2", "--database", "host=127.0.0.1 port=9", MOOC_UNIT="HG")
    assert done.returncode == 2 and "report appendix2 takes no --unit: leave MOOC_UNIT out" in done.stderr
    assert "Connection refused" in run("report", "appendix2", "--database", "host=127.0.0.1 port=9", MOOC_SIGNER="X", MOOC_BELOW="3").stderr


def test_other_commands_refuse_what_they_would_not_look_at():
    for arguments in (("replay", "promote", "--format", "json"), ("replay", "status", "--reason", "x"), ("close", "--month", "2023-09")):
        assert " is no option of " in run(*arguments).stderr
    for arguments, said in ((("issues", "--export", "forms", "--format", "csv"), "--format has no part in issues --export"),
                            (("replay", "start", "--out", "x.csv"), "--out has no part in replay start without --dry-run"),
                            (("replay", "start", "--training", "T", "--folder", "x", "--ranges", "5"), "--ranges has no part in replay start --training"),
                            (("status", "--check", "--format", "json"), "--format has no part in status --check"),
                            (("erase", "--finish", "--identifier-file", "x"), "--identifier-file has no part in erase --finish"),
                            (("erase", "--preview", "--receipt", "x"), "--receipt has no part in erase --preview")):
        done = run(*arguments)
        assert done.returncode == 2 and said in done.stderr
    ingest = BINARY.with_name("mooc-ingest")
    for arguments in (("import", "revoke", "x", "--scope", "complete"), ("correct", "x", "--yes"), ("dead", "list", "--timeout", "3s")):
        done = subprocess.run([ingest, *arguments], text=True, capture_output=True, timeout=60)
        assert done.returncode == 2 and " is no option of " in done.stderr
