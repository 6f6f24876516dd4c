"""The HMAC key is rotated in the middle of the story, while the aggregator runs: figures stay, a sweep changes nothing, people who come
later are published under the new key, and at the end the figures are the truth."""
import json

import pytest
from harness import checks, small_world
from harness.stack import wait_for
from simulator import Simulator


def log(stack):
    return [json.loads(value) for kind in ("events", "dead") for value in checks.read_log(stack, kind)]


def keys(events):
    """Every personal key: learner keys, identifiers, names."""
    found = set()
    for event in events:
        found |= {event.get("subject")} | set(event["data"].get("identifiers", [])) | {event["data"].get("name")}
    return found - {None}


@pytest.mark.long
def test_rotation_loses_and_doubles_no_one(stack):
    with Simulator(**small_world.SIMULATOR, speed=7 * 86400 / 15) as platform:
        small_world.start(stack, platform)
        wait_for(lambda: (small_world.figures(stack) and sum(f["enrolled"] for f in small_world.figures(stack).values()) > 60),
                 60, "some have come")
        platform.clock(speed=0)
        rotate(stack, platform)
        platform.clock(speed=7 * 86400 / 15)
        small_world.settle(stack, platform)
    checks.check_log(stack)
    checks.check_tallies(stack)
    events = log(stack)
    links = [e for e in events if e["source"] == "+keys"]
    first = min(int(e["revision"]) for e in links)
    before = keys(e for e in events if int(e["revision"]) < first)
    later = [e for e in events if int(e["revision"]) > first and e["source"] != "+keys"]
    assert keys(later) - before, "nobody came later"
    linked = {e["data"]["identifiers"][0] for e in links}
    identifiers = {k for k in before if k.startswith(("email:", "citizen:", "phone:", "account@"))}
    assert linked >= {k for k in identifiers if "+" not in k} > set()
    assert not {e["data"]["identifiers"][1] for e in links} & before


def rotate(stack, platform):
    config = json.loads(stack.ingest.config.read_text())
    running = stack.command("mooc-ingest", "key", "rotate", code=2)
    assert "stop it first" in running.stderr
    settled(stack)
    small_world.stop(stack.ingest)
    figures, count = small_world.figures(stack), len(log(stack))
    done = stack.command("mooc-ingest", "key", "rotate")
    assert "key version 2" in done.stdout, done
    new = stack.folder / "hmac-key.2"
    assert new.stat().st_mode & 0o777 == 0o600 and len(new.read_text()) == 64
    again = stack.command("mooc-ingest", "key", "rotate")  # given again, it is done already
    assert " 0 links" in again.stdout, again
    wait_for(lambda: checks.counted_to_the_end(stack), 30, "the links are counted")
    assert small_world.figures(stack) == figures
    published = len(log(stack))
    assert published > count
    stack.ingest.start()
    assert stack.ingest.process.wait(30) == 2 and "hmac_key_version to 2" in stack.ingest.log_text()
    stack.ingest.config.write_text(json.dumps(config | {"hmac_key_version": 2}))
    stack.ingest.start()
    settled(stack)
    link = newest_link(stack)
    assert {e["type"] for e in log(stack) if int(e["revision"]) > link} == {"source.swept"}
    assert small_world.figures(stack) == figures


def newest_link(stack):
    return max(int(e["revision"]) for e in log(stack) if e["source"] == "+keys")


def status(stack):
    said = stack.command("mooc-ingest", "status", "--format", "json", code=None).stdout
    return json.loads(said or "{}")


def settled(stack):
    """Every stream was swept once more, and the aggregator has counted it."""
    def through():
        return [t.get("through", "") for s in status(stack).get("sources", []) for t in s["streams"] if s["kind"] == "openedx"]
    wait_for(lambda: status(stack).get("pid") == stack.ingest.process.pid and through() and all(through()), 60, "swept")
    before = max(through())
    wait_for(lambda: max(through()) > before and min(through()) >= before, 60, "swept again")
