"""Refusals that tests read."""


def in_english(arguments, code):
    """A report that is to be refused, in English unless the test names a language: reports speak Vietnamese."""
    words = [str(a) for a in arguments]
    speaks = code != 0 and words and words[0] in ("report", "issues") and not any(w.split("=")[0] == "--lang" for w in words)
    return words + ["--lang", "en"] if speaks else words
