"""Paging as Django REST framework does it, cursor and page numbers, with its corner cases.

The cursor is base64 of a query string: `o` offset among rows of one position, `r` reverse, `p`
position. Rows that share a position are counted by the offset, which the framework caps at 1000: a
list with more than 1000 rows of one position repeats pages for ever. That is so here too.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from bisect import bisect_left, bisect_right
from typing import NamedTuple
from urllib.parse import parse_qs, urlencode

OFFSET_CUTOFF = 1000


class Cursor(NamedTuple):
    offset: int
    reverse: bool
    position: str | None


class InvalidCursor(Exception):
    """The cursor cannot be read: 404 "Invalid cursor"."""


def decode(text: str | None) -> Cursor | None:
    if text is None:
        return None
    try:
        tokens = parse_qs(
            b64decode(text.encode("ascii"), validate=False).decode("ascii"), keep_blank_values=True
        )
        offset = int(tokens.get("o", ["0"])[0])
        if offset < 0:
            raise ValueError
        return Cursor(
            min(offset, OFFSET_CUTOFF),
            bool(int(tokens.get("r", ["0"])[0])),
            tokens.get("p", [None])[0],
        )
    except (ValueError, UnicodeError) as error:
        raise InvalidCursor from error


def encode(cursor: Cursor) -> str:
    tokens = {}
    if cursor.offset:
        tokens["o"] = str(cursor.offset)
    if cursor.reverse:
        tokens["r"] = "1"
    if cursor.position is not None:
        tokens["p"] = cursor.position
    return b64encode(urlencode(tokens, doseq=True).encode("ascii")).decode("ascii")


class Page(NamedTuple):
    items: list
    next: Cursor | None
    previous: Cursor | None


class Ordered:
    """Items in list order. `keys` rise in that order; `text(key)` is the key as the cursor shows it
    and `key(text)` reads it back."""

    def __init__(self, items: list, keys: list, text, key):
        self.items = items
        self.keys = keys
        self.text = text
        self.key = key

    def page(self, cursor: Cursor | None, size: int) -> Page:
        offset, reverse, position = cursor or Cursor(0, False, None)
        try:
            at = None if position is None else self.key(position)
        except ValueError as error:
            raise InvalidCursor from error
        n = len(self.items)
        if reverse:
            stop = n if at is None else bisect_left(self.keys, at)
            end = max(stop - offset, 0)
            begin = max(end - size, 0)
            index = list(range(begin, end))
            more = begin > 0
            following = self.text(self.keys[begin - 1]) if more else None
            has_next, has_previous = at is not None or offset > 0, more
            next_position, previous_position = position, following
        else:
            start = 0 if at is None else bisect_right(self.keys, at)
            begin = min(start + offset, n)
            end = min(begin + size, n)
            index = list(range(begin, end))
            more = end < n
            following = self.text(self.keys[end]) if more else None
            has_next, has_previous = more, at is not None or offset > 0
            next_position, previous_position = following, position
        state = (index, cursor, size, has_next, has_previous, next_position, previous_position)
        return Page([self.items[i] for i in index], self._next(*state), self._previous(*state))

    def _position(self, i: int) -> str:
        return self.text(self.keys[i])

    def _next(self, index, cursor, size, has_next, has_previous, next_position, previous_position):
        if not has_next:
            return None
        compare = next_position
        if index and cursor and cursor.reverse and cursor.offset:
            compare = self._position(index[-1])
        offset = 0
        for i in reversed(index):
            position = self._position(i)
            if position != compare:
                return Cursor(offset, False, position)
            offset += 1
        if not index:
            return Cursor(0, False, next_position)
        if not has_previous:
            return Cursor(size, False, None)
        if cursor.reverse:
            return Cursor(0, False, previous_position)
        return Cursor(cursor.offset + size, False, previous_position)

    def _previous(
        self, index, cursor, size, has_next, has_previous, next_position, previous_position
    ):
        if not has_previous:
            return None
        compare = previous_position
        if index and cursor and not cursor.reverse and cursor.offset:
            compare = self._position(index[0])
        offset = 0
        for i in index:
            position = self._position(i)
            if position != compare:
                return Cursor(offset, True, position)
            offset += 1
        if not index:
            return Cursor(0, True, previous_position)
        if not has_next:
            return Cursor(size, True, None)
        if cursor is not None and cursor.reverse:
            return Cursor(cursor.offset + size, True, next_position)
        return Cursor(0, True, next_position)
