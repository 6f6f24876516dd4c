"""Seeded worlds: what really happened, what a platform shows of it at any time, what the offices'
lists say."""

from . import changes
from .model import UTC7, World, micros  # noqa: F401
from .view import View  # noqa: F401


def load(name: str, seed: int = 1, **options) -> World:
    """The world `name` ("hagiang" or "generic") for a seed; equal arguments give equal worlds. What
    changes afterwards (changes.OPTIONS) can be asked of both."""
    if name == "hagiang":
        from .hagiang import build
    elif name == "generic":
        from .generic import build
    else:
        raise ValueError(f"no world named {name!r}; there are: hagiang, generic")
    counts = {k: options.pop(k) for k in changes.OPTIONS if k in options}
    return changes.apply(build(seed, **options), **counts)
