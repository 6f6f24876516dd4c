"""Events per second through the aggregator, records per second through ingest, peak memory; next to baselines in the same run.

Shared machines are noisy: the ratios count, not the figures.
"""
import argparse
import json
import shutil
from pathlib import Path

from bench_aggregator import bench_aggregator, bench_growth
from bench_close import bench_close
from bench_ingest import bench_ingest
from bench_replay import bench_replay, bench_replay_live
from bench_restart import bench_restart
from bench_views import bench_views
from figures import Figures, say


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--binaries", type=Path, required=True)
    parser.add_argument("--small", action="store_true", help="a smoke run")
    parser.add_argument("--only", choices=["aggregator", "close", "ingest", "replay", "replay-live", "restart", "views"])
    parser.add_argument("--growth", action="store_true", help="only the aggregator at 0.1, 1 and 5 million learners (an hour)")
    parser.add_argument("--learners", type=int, help="of the aggregator; with --growth this number only")
    parser.add_argument("--events", type=int, help="of the aggregator")
    parser.add_argument("--rounds", type=int, help="of the ingest part")
    arguments = parser.parse_args()
    small = arguments.small
    arguments.learners_given = arguments.learners is not None
    arguments.learners = arguments.learners or (20_000 if small else 200_000)
    arguments.events = arguments.events or (100_000 if small else 1_000_000)
    arguments.courses, arguments.per_course = (4, 6000) if small else (20, 25_000)
    arguments.rounds = arguments.rounds or (1 if small else 3)
    arguments.resweeps = 1 if small else 3
    arguments.entities = 100_000 if small else 1_000_000
    arguments.latency_seconds = 5 if small else 20
    shutil.rmtree(arguments.folder, ignore_errors=True)
    arguments.folder.mkdir(parents=True)
    figures = Figures(smoke=small)
    if arguments.growth:
        bench_growth(arguments, figures)
        arguments.only = "growth"
    if arguments.only in (None, "aggregator"):
        bench_aggregator(arguments, figures)
    if arguments.only in (None, "replay"):
        bench_replay(arguments, figures)
    if arguments.only in (None, "replay-live"):
        bench_replay_live(arguments, figures)
    if arguments.only in (None, "close"):
        bench_close(arguments, figures)
    if arguments.only in (None, "ingest"):
        bench_ingest(arguments, figures)
    if arguments.only in (None, "restart"):
        bench_restart(arguments, figures)
    if arguments.only in (None, "views"):
        bench_views(figures)
    (arguments.folder / "results.json").write_text(json.dumps(figures.results | {"judged": figures.judged}, indent=2))
    say(f"figures: {arguments.folder / 'results.json'}")


if __name__ == "__main__":
    main()
