"""Cursor pages, without a server."""

from __future__ import annotations

import random
import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from platforms import drf  # noqa: E402


@pytest.mark.parametrize("seed", range(30))
def test_cursor_walks_every_item_once_there_and_back(seed):
    rng = random.Random(seed)
    keys = sorted(rng.randrange(rng.choice((3, 40, 10_000))) for _ in range(rng.randrange(1, 120)))
    order = drf.Ordered(list(range(len(keys))), keys, str, int)
    size = rng.randrange(1, 30)
    seen, cursor, pages = [], None, []
    while True:
        page = order.page(cursor, size)
        pages.append(page.items)
        seen += page.items
        if page.next is None:
            break
        cursor = drf.decode(drf.encode(page.next))
        assert len(pages) < 200
    assert seen == order.items
    if len(pages) > 1 and len(set(keys)) == len(keys):
        back = order.page(cursor, size).previous
        assert order.page(drf.decode(drf.encode(back)), size).items == pages[-2]


def test_cursor_offset_is_capped_so_a_huge_tie_repeats_a_page():
    order = drf.Ordered(list(range(1400)), [7] * 1400, str, int)
    cursor, seen = None, []
    for _ in range(30):
        page = order.page(cursor, 100)
        seen.append(tuple(page.items))
        if page.next is None:
            break
        cursor = drf.decode(drf.encode(page.next))
    assert len(seen) == 30 and max(Counter(seen).values()) > 1, "never ends, as on the platform"


@pytest.mark.parametrize("text", ("bz14", "cj1h", "é"))
def test_cursor_nonsense_is_refused(text):
    with pytest.raises(drf.InvalidCursor):
        drf.decode(text)
