"""The simulated OneRoster provider answers as the specification says."""

from __future__ import annotations

import base64
import re
import sys
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from platforms.oneroster import PURL  # noqa: E402
from platforms.simulator import Simulator  # noqa: E402

OLD, NEW = "/ims/oneroster/v1p1", "/ims/oneroster/rostering/v1p2"
SETTINGS = {"world": "generic", "seed": 4, "start": "end"}
SETTINGS["set"] = ["learners=120", "courses=2", "units=4", "left_after_passing=9"]


def token(sim, *names, version="v1p1"):
    scope = " ".join(PURL.format(version=version, name=n) for n in names)
    form = urlencode({"grant_type": "client_credentials", "scope": scope}).encode()
    basic = base64.b64encode(b"mooc-pulse:sim-secret").decode()
    return sim.request("POST", "/token", form, {"Authorization": f"Basic {basic}"}).json()


@pytest.fixture(scope="module")
def sim():
    with Simulator("oneroster", **SETTINGS) as sim:
        sim.token = token(sim, "roster-core", "gradebook")["access_token"]
        yield sim


def get(sim, path):
    return sim.request("GET", path, headers={"Authorization": f"Bearer {sim.token}"})


def test_scopes_and_error_payload(sim):
    assert token(sim)["error"] == "invalid_scope"
    assert get(sim, NEW + "/users").status == 403  # a token for 1.1
    new = token(sim, "roster-core", version="v1p2")["access_token"]
    for path, status, minor, kept in (
        ("/users", 401, "unauthorisedrequest", ""),
        ("/users?filter=nonsense", 400, "invalid_filter_field", "x"),
        ("/users?filter=shoeSize%3E%271%27", 400, "invalid_filter_field", "x"),
        ("/users?fields=sourcedId,shoeSize", 400, "invalid_selection_field", "x"),
        ("/users?limit=0", 422, "invaliddata", "x"),
        ("/pupils", 404, "unknownobject", "x"),
    ):
        for base, key in ((OLD, sim.token), (NEW, new)):
            headers = {"Authorization": f"Bearer {key}"} if kept else {}
            reply = sim.request("GET", base + path, headers=headers)
            info = reply.json()["statusInfoSet"][0] if base == OLD else reply.json()
            assert reply.status == status and info["imsx_codeMajor"] == "failure"
            assert set(info) == {"imsx_codeMajor", "imsx_severity", "imsx_description", "imsx_CodeMinor"}
            assert info["imsx_severity"] == "error"
            assert info["imsx_CodeMinor"]["imsx_codeMinorField"] == [
                {"imsx_codeMinorFieldName": "TargetEndSystem", "imsx_codeMinorFieldValue": minor}
            ]


def test_pages_by_link_and_count(sim):
    page = get(sim, OLD + "/users?limit=40")
    total, found = int(page.headers["X-Total-Count"]), page.json()["users"]
    while "Link" in page.headers:
        page = get(sim, re.match("<([^>]*)>", page.headers["Link"])[1])
        found += page.json()["users"]
    assert len({u["sourcedId"] for u in found}) == len(found) == total > 80
    assert found[0]["role"] == "student" and found[0]["enabledUser"] in ("true", "false")


def test_delta_shows_what_is_to_be_deleted(sim):
    plain = get(sim, OLD + "/enrollments?limit=1000").json()["enrollments"]
    assert {e["status"] for e in plain} == {"active"}
    since = sorted(e["dateLastModified"] for e in plain)[-10]
    text = quote(f"dateLastModified>'{since}'")
    rows = get(sim, f"{OLD}/enrollments?limit=1000&filter={text}&sort=dateLastModified").json()
    rows = rows["enrollments"]
    assert "tobedeleted" in {e["status"] for e in rows}
    times = [e["dateLastModified"] for e in rows]
    assert times == sorted(times) and times[0] > since
    both = quote(f"dateLastModified>'{since}' AND status='active'")
    some = get(sim, f"{OLD}/enrollments?limit=1000&filter={both}").json()["enrollments"]
    assert len(some) == 9


def test_results_lead_to_line_items_and_fields(sim):
    items = {i["sourcedId"] for i in get(sim, OLD + "/lineItems").json()["lineItems"]}
    results = get(sim, OLD + "/results?limit=5000").json()["results"]
    assert results and {r["lineItem"]["sourcedId"] for r in results} <= items
    assert set(get(sim, OLD + "/results?limit=1&fields=score").json()["results"][0]) == {"score"}


def test_newer_version_and_faults():
    with Simulator("oneroster", no_link=True, no_count=True, **SETTINGS) as sim:
        sim.token = token(sim, "roster-core", version="v1p2")["access_token"]
        page = get(sim, NEW + "/users")
        assert page.json()["users"][0]["roles"][0]["role"] == "student"
        assert not {"Link", "X-Total-Count"} & set(page.headers)
        sim.fault("error200", count=1)
        assert get(sim, NEW + "/users").json()["imsx_codeMajor"] == "failure"
        sim.fault("vanish")
        assert get(sim, NEW + "/enrollments").json() == {"enrollments": []}
        sim.request("POST", "/_sim/expire-tokens")
        assert get(sim, NEW + "/users").status == 401
