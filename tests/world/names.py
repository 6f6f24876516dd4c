"""Made-up Vietnamese people. Nobody here exists: the names are drawn at random, the numbers too."""

from __future__ import annotations

import random
import unicodedata
from datetime import datetime, timedelta

FAMILY = (
    "Nguyễn Trần Lê Phạm Hoàng Vũ Đặng Bùi Đỗ Hoàng Nông Lù Giàng Vàng Thào Sùng Mua Ly Cháng "
    "Hạng Lò Mã Phàn Tẩn Triệu Bàn Đặng Nguyễn Nguyễn Hà Lương Vi La Ma Sầm Hoàng Viên Ngọc "
    "Thèn Cư Xín Chảo Lầu Vừ Phượng"
).split()
MIDDLE_M = "Văn Đức Minh Quang Hữu Xuân Ngọc Thanh Công Đình Mí Seo Chẩn Quốc Trung Tiến".split()
MIDDLE_F = "Thị Thị Thị Thu Ngọc Thanh Minh Kim Hồng Bích Phương Thúy Mai Thùy".split()
GIVEN_M = (
    "Hùng Dũng Cường Tuấn Nam Sơn Hải Long Thắng Hòa Bình Quân Khánh Toàn Thành Đạt Phong Hiếu "
    "Trường Tú Lâm Vinh Chiến Tùng Huy Kiên Páo Sính Dình Chứ Pó Sài Luyện Duy Khoa Thủy"
).split()
GIVEN_F = (
    "Hương Lan Hoa Hà Thảo Nga Linh Trang Huệ Yến Hằng Dung Nhung Hạnh Loan Thủy Hòa Mỵ Dợ Mai "
    "Say Chở Xuân Tươi Quyên Ngân Nguyệt Thúy Oanh Liên Phượng Vân Chi Anh Giang Duyên"
).split()

# Province prefixes of citizen numbers: mostly Hà Giang (002), some born elsewhere.
_PROVINCES = ["002"] * 16 + ["001", "008", "010", "019", "025", "026", "030", "034", "036", "040"]

_WORDS_A = (
    "nui rung suoi may gio trang sao nang mua hoa la cay chim ca song doi ruong nuong bep lua "
    "da cau duong pho cho que lang ban nha vuon"
).split()
_WORDS_B = (
    "xanh vang do tim bac cao xa gan moi cu lon nho vui hien nhanh cham sang toi am lanh dai "
    "ngan dep la sau rong hep day mong tron"
).split()


def unaccented(text: str) -> str:
    """ASCII letters of a Vietnamese text, lower case."""
    text = text.replace("đ", "d").replace("Đ", "D")
    text = unicodedata.normalize("NFD", text)
    return "".join(c for c in text if not unicodedata.combining(c)).lower()


class Faker:
    """Draws people without repeating a citizen number, phone, e-mail, username or (name, birth
    date)."""

    def __init__(self, rng: random.Random):
        self.rng = rng
        self._seen: set[str] = set()

    def once(self, draw) -> str:
        while True:
            value = draw()
            if value not in self._seen:
                self._seen.add(value)
                return value

    def person(self) -> tuple[str, datetime, bool]:
        """(name, birth date, male)"""
        r = self.rng
        while True:
            male = r.random() < 0.47
            name = " ".join(
                (
                    r.choice(FAMILY),
                    r.choice(MIDDLE_M if male else MIDDLE_F),
                    r.choice(GIVEN_M if male else GIVEN_F),
                )
            )
            born = datetime(1964, 1, 1) + timedelta(days=r.randrange(36 * 365))
            key = f"{name}|{born:%Y%m%d}"
            if key not in self._seen:
                self._seen.add(key)
                return name, born, male

    def citizen(self, born: datetime, male: bool) -> str:
        """12 digits: province, century and sex, year of birth, six at random."""
        r = self.rng
        sex = (0 if male else 1) + (2 if born.year >= 2000 else 0)
        return self.once(lambda: f"{r.choice(_PROVINCES)}{sex}{born:%y}{r.randrange(10**6):06d}")

    def phone(self) -> str:
        r = self.rng
        return self.once(lambda: r.choice(("03", "07", "08", "09")) + f"{r.randrange(10**8):08d}")

    def email(self, name: str, born: datetime, office: str) -> str:
        r = self.rng
        parts = unaccented(name).split()
        initials = "".join(p[0] for p in parts[:-1])

        def draw() -> str:
            local = r.choice(
                (
                    f"{parts[-1]}{initials}",
                    f"{initials}{parts[-1]}",
                    "".join(parts),
                    f"{parts[-1]}.{parts[0]}",
                )
            )
            local += r.choice(("", f"{born:%y}", f"{born.year}", "hg", f"{r.randrange(1000)}"))
            domain = r.choice(
                (
                    "example.com",
                    "example.com",
                    "example.com",
                    "mail.example.org",
                    "example.net",
                    office,
                )
            )
            return f"{local}@{domain}"

        return self.once(draw)

    def username(self) -> str:
        r = self.rng
        return self.once(lambda: f"{r.choice(_WORDS_A)}_{r.choice(_WORDS_B)}{r.randrange(10000)}")
