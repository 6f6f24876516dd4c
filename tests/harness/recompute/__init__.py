"""All that the fold writes once more, from the archive's records and DOMAIN's definitions, sharing nothing with the fold in C.

Everything is held in memory and computed in one go: for each entity the newest event, people as connected sets, then what each
person counts for. Days are counted by sets of people, windows by looking back from every day: no difference arrays.
`differences` compares with the tables of a generation, `shown_windows` with what the view of rolling windows shows of them.
"""
from .compare import NEWEST_RECORDS, Difference, Recomputation, differences, shown_windows

__all__ = ["NEWEST_RECORDS", "Difference", "Recomputation", "differences", "shown_windows"]
