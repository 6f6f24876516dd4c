"""Seeded worlds: what really happened, what a platform shows of it at any time, what the offices'
lists say."""

import importlib

from . import changes
from .model import UTC7, World, micros  # noqa: F401
from .view import View  # noqa: F401

NAMES = ("hagiang", "generic", "nghean", "laocai", "vinhphuc")


def load(name: str, seed: int = 1, **options) -> World:
    """The world `name` for a seed; equal arguments give equal worlds. What changes afterwards
    (changes.OPTIONS) can be asked of all that know it."""
    if name not in NAMES:
        raise ValueError(f"no world named {name!r}; there are: {', '.join(NAMES)}")
    build = importlib.import_module(f".{name}", __name__).build
    counts = {k: options.pop(k) for k in changes.OPTIONS if k in options}
    return changes.apply(build(seed, **options), **counts)
