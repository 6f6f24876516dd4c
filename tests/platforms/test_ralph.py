"""A real LRS, filled from a world: what it gives back, and where it is not what the specification
says. A release that mends one of these shows here."""

from __future__ import annotations

import json
import sys
import uuid
from pathlib import Path
from urllib.parse import urlencode

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import world as worlds  # noqa: E402
from platforms import ralph as harness  # noqa: E402
from platforms.xapi_statements import VERBS, Stored, Style, statements  # noqa: E402


@pytest.fixture(scope="module")
def sent():
    """With a zone in every timestamp: see test_a_timestamp_without_zone."""
    style = Style(zoneless=False)
    return statements(worlds.load("generic", 4, learners=24, courses=1, units=2), style)


@pytest.fixture(scope="module")
def lrs(sent):
    with harness.running() as ralph:
        ralph.send(sent[:-40])
        ralph.send(sent[-40:])
        yield ralph


def test_gives_back_all_that_was_sent(lrs, sent):
    rows = lrs.walk()
    assert [r["id"] for r in rows] == [s.id for s in sent], "in the order of insertion"
    for row, s in zip(rows, sent):
        for key in ("actor", "verb", "object", "timestamp", "result"):
            assert row.get(key) == s.body.get(key)
        assert row["stored"] > "2026-03" and row["authority"]["mbox"], "set by the LRS"


def test_pages(lrs, sent):
    status, _, body = lrs.get("?limit=500")
    page = json.loads(body)
    assert status == 200 and len(page["statements"]) == 100, "100 at most"
    assert page["more"].startswith("/xAPI/statements?") and "search_after=" in page["more"]
    assert len(sent) % 4 or "more" in json.loads(lrs.get("?limit=4")[2])
    last = json.loads(lrs.get(f"?limit=1&search_after={sent[-2].id}")[2])
    empty = json.loads(lrs.get(last["more"])[2])
    assert empty == {"statements": []}, "a full last page has an empty one behind it"
    assert lrs.get("?foo=1")[0] == 400


def test_deviations(lrs, sent):
    _, headers, body = lrs.get("?limit=5")
    assert not [h for h in headers if h.lower().startswith("x-experience-api")]
    first = json.loads(body)["statements"]
    for value in ("true", "false"):
        turned = json.loads(lrs.get(f"?limit=5&ascending={value}")[2])["statements"]
        assert turned == first[::-1], "any value turns each page round, and the pages stay"
    when = sorted(s.stored for s in sent)[len(sent) // 2]
    middle = next(s for s in sent if s.stored == when).body["stored"]
    late = lrs.walk("?" + urlencode({"since": middle}))
    assert 0 < len(late) < len(sent), "since is on timestamp: all were stored a moment ago"
    assert lrs.walk("?" + urlencode({"verb": VERBS["passed"]})) == [], "a verb finds nothing"
    voided = next(s for s in sent if s.target)
    assert voided.target in {r["id"] for r in lrs.walk()}, "what is voided stays"


def test_a_timestamp_without_zone(lrs, sent):
    """One of them, which 1.0.3 allows, and since is an error of the server for good."""
    query = "?" + urlencode({"since": sent[-1].body["stored"]})
    assert lrs.get(query)[0] == 200
    body = {**sent[0].body, "id": str(uuid.uuid4()), "timestamp": "2026-03-03T10:00:00.000"}
    lrs.send([Stored(0, body["id"], "", body)])
    assert lrs.get(query)[0] == 500


def test_says_why_it_cannot_be_had(tmp_path, monkeypatch):
    monkeypatch.setattr(harness, "PACKAGES", ("ralph-malph==0.0.0.dev0",))
    monkeypatch.setenv("PIP_NO_INDEX", "1")

    def this_python(home, **_):
        (home / "bin").mkdir(parents=True)
        (home / "bin" / "python").symlink_to(sys.executable)

    monkeypatch.setattr(harness.venv, "create", this_python)
    with pytest.raises(harness.Unavailable, match="pip could not install ralph-malph==0.0.0.dev0"):
        harness.install(tmp_path / "ralph")
