"""Milliseconds of each view of schema bi for what people ask of it, at 1 M (person, training) and three years of days.

Filled by fill_views.sql into a database of its own. A query is planned and run anew each time, as a BI tool sends it, by the role of
BI logins, and fetched whole; the median of five counts."""
import os
import statistics
import subprocess
import time
from pathlib import Path

import psycopg
from psycopg.pq import ExecStatus

from figures import say

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "mooc_bench_views"
DAY = "(now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date - 40"
DAY_OF_W10 = "(date_trunc('month', now() AT TIME ZONE 'Asia/Ho_Chi_Minh') - interval '18 months')::date + 10"  # see fill_views.sql

# What people ask: a page of one wave, day or training; a sum by wave; a chart of 90 days of one unit.
QUERIES = (
    ("participation", "wave = 'T3-W10'"),
    ("participation", "training = 'T3'", "wave, sum(registered), sum(participated), sum(passed)"),
    ("participation", "training = 'T3' AND unit = 'P3-C7'"),
    ("participation_training", "training = 'T3'"),
    ("participation_all", ""),
    ("participation_year", "year = extract(year FROM now())"),
    ("participation_daily", f"training = 'T3' AND day = {DAY}"),
    ("participation_daily", f"training = 'T3' AND unit = 'P3-C7' AND day > {DAY} - 90 AND day <= {DAY}"),
    ("rolling_participation", f"training = 'T3' AND day = {DAY}"),
    ("rolling_participation", f"training = 'T3' AND unit = 'P3-C7' AND day > {DAY} - 90 AND day <= {DAY}"),
    ("rolling_participation_all", f"day = {DAY}"),
    ("rolling_participation_wave", f"training = 'T3' AND wave = 'T3-W10' AND day = {DAY_OF_W10}"),
    ("rolling_participation_platform", f"training = 'T3' AND day > {DAY} - 30 AND day <= {DAY}"),
    ("rolling_participation_audience", f"training = 'T3' AND day > {DAY} - 30 AND day <= {DAY}"),
    ("participation_daily_wave", f"training = 'T3' AND wave = 'T3-W10' AND day = {DAY_OF_W10}"),
    ("participation_daily_all", f"day = {DAY}"),
    ("participation_daily_platform", f"training = 'T3' AND day = {DAY}"),
    ("participation_daily_audience", f"training = 'T3' AND day = {DAY}"),
    ("rolling_rollup_wave", f"tree = 'management' AND training = 'T3' AND wave = 'T3-W10' AND day = {DAY_OF_W10}"),
    ("rolling_rollup_all", f"tree = 'management' AND day = {DAY}"),
    ("rolling_rollup", f"tree = 'management' AND training = 'T3' AND day = {DAY}"),
    ("rolling_rollup_between('VN', 'T3', DAY - 89, DAY)", ""),
    ("rolling_rollup_between('P3', 'T3', DAY - 89, DAY)", ""),
    ("activity_5min", f"training = 'T3' AND wave = 'T3-W18' AND began_at >= (SELECT max(began_at) - interval '1 day' FROM bi.activity_5min"
                      " WHERE training = 'T3' AND wave = 'T3-W18')"),
    ("exam_results", "wave = 'T3-W10'"),
    ("exam_results_training", "training = 'T3'"),
    ("unit_rollup", "wave = 'T3-W10' AND is_current"),
    ("unit_rollup_training", "training = 'T3' AND is_current AND tree = 'management'"),
    ("unit_rollup_training_on('2024-03-01', 'territory')", "training = 'T3'"),
    ("unit_rollup_all", "is_current AND tree = 'management'"),
    ("unit_rollup_year", "is_current AND tree = 'management' AND year = extract(year FROM now())"),
    ("group_status", "wave = 'T3-W10'"),
    ("platform_status", "training = 'T3'"),
    ("course_status", "training = 'T3'"),
    ("audience_status", "training = 'T3'"),
    ("inviter_status", "training = 'T3'"),
    ("province_ranking", "training = 'T3'"),
    ("target_progress", "wave = 'T3-W10'"),
    ("target_progress", "training = 'T3' AND target_scope = 'training'"),
    ("target_progress", "training = 'T1' AND target_kind = 'share'"),
    ("target_progress", "training = 'T2' AND target_kind = 'quota'"),
    ("deadline_status", "wave = 'T3-W10'"),
    ("deadline_status", "training = 'T3'", "wave, sum(overdue), sum(at_risk)"),
    ("deadline_status", "training = 'T3' AND unit = 'P3-C7'"),
    ("headcounts", "wave = 'T3-W10'"),
    ("published_totals", "training = 'T3'"),
    ("data_issues", "wave = 'T3-W10'"),
    ("data_issues", "unit = 'P3-C7'"),
    ("freshness", ""),
    ("training_freshness", "training = 'T3'"),
    ("generation", ""),
    ("dictionary", ""),
    ("units", "parent = 'P3-C7'"),
    ("units", ""),
    ("trainings", ""),
    ("waves", "training = 'T3'"),
    ("groups", "wave = 'T3-W10'"),
    ("audiences", ""),
    ("inviters", ""),
    ("calendar", "day >= date_trunc('year', now())"),
)


def fill():
    subprocess.run(["dropdb", "--if-exists", "--force", DATABASE], check=True, capture_output=True)
    subprocess.run([ROOT / "deploy/dev/schema.sh", DATABASE], check=True)
    script = ROOT / "tests/bench/fill_views.sql"
    subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", DATABASE, "-f", script], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["vacuumdb", "--analyze", "--quiet", DATABASE], check=True)


def cpu_milliseconds(backend):
    """Of that process so far."""
    return int(Path(f"/proc/{backend}/schedstat").read_text().split()[0]) / 1e6


def milliseconds(connection, view, where, sums=None, empty=False):
    """Median and most of five, median of the backend's CPU time, rows."""
    query = f"SELECT {sums or '*'} FROM bi.{view.replace('DAY', DAY)}" + (f" WHERE {where}" if where else "")
    query += " GROUP BY 1" if sums else ""
    times, costs, rows, backend = [], [], 0, connection.info.backend_pid
    for _ in range(5):
        began, cost = time.monotonic(), cpu_milliseconds(backend)
        result = connection.pgconn.exec_(query.encode())
        rows = result.ntuples
        times.append(1000 * (time.monotonic() - began))
        costs.append(cpu_milliseconds(backend) - cost)
    assert result.status == ExecStatus.TUPLES_OK, result.error_message.decode()
    assert rows > 0 or empty or view.startswith("activity_5min"), f"{query}: nothing"
    return statistics.median(times), max(times), statistics.median(costs), rows


def bench_views(figures):
    say("views: 1 M (person, training), 600 units, 100 waves, 36 months")
    began = time.monotonic()
    fill()
    say(f"  filled in {time.monotonic() - began:.0f} s; milliseconds: median and most of five, median of the backend's CPU time")
    try:
        with psycopg.connect(dbname=DATABASE, user=os.environ["PGUSER"], autocommit=True) as connection:
            shown = {row[0] for row in connection.execute("SELECT DISTINCT view_name FROM bi.dictionary WHERE view_name <> 'closed_figures'")}
            assert shown <= {view for view, *_ in QUERIES}, f"no query for {shown - {view for view, *_ in QUERIES}}"
            # As pulse.add_bi_login sets a login.
            connection.execute("SET work_mem = '32MB'; SET random_page_cost = 1.3; SET jit = off")
            # A province with its 600 units of people and 1,140 more that send none.
            connection.execute("INSERT INTO pulse.bi_grants VALUES ('mooc_bi', 'P3')")
            slowest = costliest = 0
            for limited in (False, True):
                connection.execute(f"SET ROLE {'mooc_bi' if limited else 'mooc_writer'}")
                say(f"  {'a login of one province' if limited else 'a login that sees everything'}")
                for view, *asked in QUERIES:
                    median, most, cost, rows = milliseconds(connection, view, *asked, empty=limited)
                    slowest, costliest = max(slowest, median), max(costliest, cost)
                    say(f"    {'MISS' if median >= 100 else 'ok':<5}{median:>7.1f} {most:>7.1f} {cost:>7.1f} ms {rows:>7} rows  {view:<24} {' | '.join(asked)}".replace(DAY, "DAY").replace(DAY_OF_W10, "DAY"))
        figures.keep(slowest_view_ms=slowest, costliest_view_ms=costliest)
        figures.judge("costliest view of the catalogue, CPU time of the backend", costliest, 100, unit=" ms", least=False)
        figures.judge("slowest view of the catalogue", slowest, 100, unit=" ms", least=False)
    finally:
        if not os.environ.get("KEEP_DATABASE"):
            subprocess.run(["dropdb", "--if-exists", "--force", DATABASE], check=True, capture_output=True)
