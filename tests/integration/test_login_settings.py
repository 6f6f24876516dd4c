"""Settings that a login or a database brings along (ALTER ROLE, ALTER DATABASE) change neither what a statement means nor what is printed."""
import pytest

from harness.random_events import RandomEvents
from test_windows import World

SETTINGS = {
    "DateStyle": "'SQL', 'DMY'", "IntervalStyle": "postgres_verbose", "bytea_output": "escape", "extra_float_digits": "-15",
    "standard_conforming_strings": "off", "backslash_quote": "off", "array_nulls": "off", "transform_null_equals": "on",
    "quote_all_identifiers": "on", "default_transaction_isolation": "serializable", "default_transaction_deferrable": "on",
    "row_security": "off", "timezone": "'Asia/Ho_Chi_Minh'", "search_path": "evil"}
ASKED = {
    "waves": ("report", "waves", "--training", "TA", "--format", "csv"),
    "monthly": ("report", "monthly", "--training", "TA", "--format", "json"),
    "deadlines": ("report", "deadlines", "--training", "TA", "--format", "csv"),
    "participation": ("report", "participation", "--training", "TA", "--wave", "W1", "--format", "csv"),
    "as of": ("report", "participation", "--wave", "W1", "--at", "2023-10-15", "--format", "csv"),
    "issues": ("issues",), "generations": ("replay", "status", "--checksums", "--format", "json")}


def asked(stack):
    return {name: stack.command("mooc-aggregator", *words).stdout for name, words in ASKED.items()}


@pytest.fixture
def world(stack):
    made = World(stack)
    made.feed(RandomEvents(7, people=30).take(600), 100)
    return made


def test_what_a_login_brings_along_changes_no_figure(stack, world):
    before = asked(stack)
    assert "W1,W1,2023-09-20,2023-09-29," in before["waves"]
    for name, value in SETTINGS.items():
        stack.query(f"ALTER ROLE mooc_writer IN DATABASE {stack.database} SET {name} = {value}")
    after = asked(stack)
    for name in ASKED:
        assert after[name] == before[name], name
    assert "Everything is equal." in stack.command("mooc-aggregator", "verify").stdout
    world.feed(RandomEvents(8, people=30).take(300), 100)
    assert "Everything is equal." in stack.command("mooc-aggregator", "verify").stdout
