"""The demo on docker-compose.yml; then all containers are removed and made anew, and the figures must still be there."""
import argparse
import sys
from pathlib import Path

import demo
from compose import Compose
from harness.stack import WAVE, wait_for

# Marks say that the platform was asked; everything else is something that happened.
HAPPENED = "SELECT count(*) FROM archive.events WHERE type <> 'source.swept'"
SWEPT = "SELECT min(complete_through) FROM bi.freshness WHERE source = 'daotao'"
CERTIFIED = "SELECT sum(certified)::int FROM bi.participation WHERE wave = %s"


def still_there(site, _paths):
    demo.head("All containers anew, the volumes kept")
    (known,), swept = site.query(HAPPENED)[0], site.query(SWEPT)
    site.restart()
    wait_for(lambda: site.query(SWEPT) > swept, 60, "the platform is swept anew")
    equal, _ = demo.compare(site)
    (events,), (certified,) = site.query(HAPPENED)[0], site.query_as(site.login, demo.BI_PASSWORD, CERTIFIED, WAVE)[0]
    demo.say(f"{known} events known before, {events - known} more now; a BI login reads {certified} certified")
    return equal and events == known and certified == 2072


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    return demo.perform(Compose(parser.parse_args().folder), still_there)


if __name__ == "__main__":
    sys.exit(main())
