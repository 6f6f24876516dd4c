"""What goes wrong in the lists that offices send, decided per person before any sheet exists."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from .model import Person, World
from .names import Faker

FAULTS = (
    "email_malformed",
    "email_missing",
    "email_shared",
    "listed_twice",
    "account_under_other_email",
    "unit_unknown",
)

UNKNOWN_UNIT = "HG-SGTVT"
UNKNOWN_NAME = "Sở Gaio thôgn vận tải"
NO_CITIZEN_COLUMN = "HG-TINHDOAN"

TO_DO = {
    "email_malformed": "Sửa lại địa chỉ email cho đúng định dạng",
    "email_missing": "Bổ sung địa chỉ email của học viên",
    "email_shared": "Nhiều người dùng chung một email: thay bằng email riêng của học viên",
    "listed_twice": "Trùng danh sách: xác nhận là một người, không cần sửa",
    "account_under_other_email": "Đã lập tài khoản bằng email khác: ghi email của tài khoản",
    "unit_unknown": "Không nhận ra tên đơn vị: ghi tên hoặc mã đơn vị đúng",
}


@dataclass
class Listing:
    """How one person stands in the list: the text of the e-mail cell and what is wrong with the
    row."""

    email: str
    fault: str = ""
    replacement: str = ""
    citizen: bool = True
    phone: bool = True
    two: bool = False  # two addresses in the cell
    old_citizen: str = ""
    twice: str = ""  # "", "same", "upper" (name in capitals), "bare" (second row without number)


@dataclass
class Mess:
    listings: list[Listing]
    shared: set[str] = field(default_factory=set)


def _malformed(rng: random.Random, email: str) -> str:
    local, domain = email.split("@")
    return rng.choice(
        (
            f"{local}{domain}",
            f"{local}@@{domain}",
            f"{local}@{domain.replace('.', ',')}",
            f"{local}@{domain.split('.')[0]}",
            f"{local}@.{domain.rsplit('.', 1)[1]}",
            f"{local}(at){domain}",
        )
    )


def make(world: World, rng: random.Random, fake: Faker) -> Mess:
    """Draws the faulty rows. No person carries more than one fault."""
    people = world.people
    mess = Mess([Listing(p.email) for p in people])
    usable = [p for p in people if p.unit not in (UNKNOWN_UNIT, NO_CITIZEN_COLUMN)]
    taken: set[int] = set()

    def pick(count: int, wanted=lambda p: True) -> list[Person]:
        chosen = rng.sample([p for p in usable if p.index not in taken and wanted(p)], count)
        taken.update(p.index for p in chosen)
        return chosen

    def has(p: Person) -> bool:
        return p.account is not None

    def enrolled(p: Person) -> bool:
        return world.facts_at(p.account, world.ends)["enrolled"]

    def other(p: Person) -> str:
        return fake.email(p.name, p.born, "office.example")

    for p in pick(20, has) + pick(5, lambda p: not has(p)):
        mess.listings[p.index] = Listing(_malformed(rng, p.email), "email_malformed", p.email)
    for p in pick(9, has):
        mess.listings[p.index] = Listing("", "email_missing", p.email)
    for n, p in enumerate(pick(6, lambda p: not has(p))):
        # Without e-mail and account; two of them without any number: unit, name and birth date
        # only.
        mess.listings[p.index] = Listing("", "email_missing", citizen=n >= 2, phone=n >= 2)
    school = [p for p in people if p.unit == "HG-SGDDT"]
    first = next(p.group for p in school if sum(q.group == p.group for q in school) >= 10)
    for unit, group, address, count in (
        ("HG-SGDDT", first, "vanthu@sgddt.hagiang.example", 6),
        ("HG-DONGVAN", None, "giadinh.hg@example.com", 2),
    ):
        mess.shared.add(address)
        for p in pick(count, lambda p: p.unit == unit and group in (None, p.group)):
            mess.listings[p.index] = Listing(address, "email_shared", p.email)
    late = pick(11, enrolled) + pick(1, lambda p: has(p) and not enrolled(p))
    for p in late:
        mess.listings[p.index] = Listing(other(p), "account_under_other_email", p.email)
    for p, how in zip(pick(7), ("same", "same", "same", "same", "upper", "bare", "bare")):
        mess.listings[p.index] = Listing(p.email, "listed_twice", twice=how)
    for p in people:
        if p.unit == UNKNOWN_UNIT:
            mess.listings[p.index] = Listing(p.email, "unit_unknown", world.printed[UNKNOWN_UNIT])
    for p in pick(18):  # two addresses in one cell: no fault, either may be the account's
        pair = [p.email, other(p)]
        rng.shuffle(pair)
        mess.listings[p.index] = Listing(rng.choice(("; ", ", ", " / ", "\n")).join(pair), two=True)
    for p in pick(20):
        mess.listings[p.index].old_citizen = fake.once(lambda: f"073{rng.randrange(10**6):06d}")
    for p in pick(28):
        mess.listings[p.index].citizen = False
    return mess


def known_before(world: World, mess: Mess):
    """matched(person) as far as the uncorrected lists allow: an account under a valid address of
    the row's own that nobody else shares."""
    accounts = {a.email.casefold(): i for i, a in enumerate(world.accounts)}

    def matched(p: Person) -> int | None:
        row = mess.listings[p.index]
        if row.fault in ("email_malformed", "email_missing", "email_shared", "unit_unknown"):
            return None
        for address in row.email.replace(";", " ").replace(",", " ").replace("/", " ").split():
            if address.casefold() in accounts:
                return accounts[address.casefold()]
        return None

    return matched
