"""Labels of the reference folder, file by file: what changes in one is told, takes effect at once and leaves the config version; and the
folder of provinces that is shipped."""
import csv
import datetime
import json

import pytest

from private_database import ROOT
from test_config_load import RULES, counted, database, folder, shared, versions  # noqa: F401

VIETNAM = ROOT / "config/vietnam"
HISTORY = "code,tree,above,valid_from,valid_to\n"
STAFF = "unit,day,staff,helpers\n"
AUDIENCES = "kind,code,name_vi,name_en\n"
TARGETS = "wave,unit,planned,share,staff_on,per_helper,measure,phase\n"
OFFICIAL = "Tỉnh Thành Phố,Mã TP,Phường Xã,Mã PX\n"

# File, before, after, what config diff says, and what the database holds then.
CHANGES = [
    ("unit_history.csv", HISTORY + "HG-CAT,management,,2020-01-01,2022-12-31\n",
     HISTORY + "HG-CAT,management,HG-SYTE,2020-01-01,2022-12-31\nHG-CAT,territory,HG-XINMAN,2023-02-01,2023-02-28\n",
     ["line HG-CAT management from 2020-01-01: added",
      "line HG-CAT territory from 2023-02-01: added",
      "line HG-CAT territory from -infinity: changed, valid_to infinity -> 2023-01-31"],
     ["quan hệ quản lý HG-CAT (quản lý) từ 2020-01-01: thêm",
      "quan hệ quản lý HG-CAT (địa bàn) từ đầu: sửa, có đến ngày (valid_to): (trống) -> 2023-01-31"],
     "SELECT tree, above FROM pulse.unit_lines WHERE unit = 'HG-CAT' ORDER BY tree, valid_from",
     [("management", "HG"), ("management", "HG-SYTE"), ("management", "HG"),
      ("territory", "HG"), ("territory", "HG-XINMAN"), ("territory", "HG")]),
    ("official-units.csv", OFFICIAL + "Tỉnh Cao Bằng,4,Phường Thục Phán,1273\n",
     OFFICIAL + "Tỉnh Cao Bằng,4,Phường Thục Phán mới,1273\nTỉnh Cao Bằng,4,Xã Quảng Lâm,1290\n",
     ["unit VN-01273: changed, name Phường Thục Phán -> Phường Thục Phán mới; "
      "printed_name Phường Thục Phán -> Phường Thục Phán mới", "unit VN-01290: added",
      "line VN-01290 management from 2025-07-01: added"],
     ["đơn vị VN-01273: sửa, tên (name): Phường Thục Phán -> Phường Thục Phán mới; "
      "tên in (printed_name): Phường Thục Phán -> Phường Thục Phán mới", "đơn vị VN-01290: thêm"],
     "SELECT unit, name, parent, official_code FROM pulse.units WHERE unit LIKE 'VN-%' ORDER BY unit",
     [("VN-01273", "Phường Thục Phán mới", "VN-04", "01273"), ("VN-01290", "Xã Quảng Lâm", "VN-04", "01290"),
      ("VN-04", "Tỉnh Cao Bằng", None, "04")]),
    ("staff.csv", STAFF + "HG-CAT,2023-06-01,40,\nHG-SYTE,2023-06-01,30,2\n", STAFF + "HG-CAT,2023-06-01,41,\n",
     ["staff HG-CAT 2023-06-01: changed, staff 40 -> 41", "staff HG-SYTE 2023-06-01: removed"],
     ["biên chế HG-CAT 2023-06-01: sửa, biên chế (staff): 40 -> 41", "biên chế HG-SYTE 2023-06-01: bỏ"],
     "SELECT unit, staff, helpers FROM pulse.staff", [("HG-CAT", 41, None)]),
    ("audiences.csv", AUDIENCES + "audience,citizens,Người dân,Citizens\ninviter,farmers,Hội Nông dân,Farmers' union\n",
     AUDIENCES + "audience,citizens,Nhân dân,Citizens\ninviter,farmers,Hội Nông dân,Farmers' union\naudience,women,Phụ nữ,Women\n",
     ["name of audience citizens: changed, name_vi Người dân -> Nhân dân", "name of audience women: added"],
     ["tên đối tượng citizens: sửa, tên tiếng Việt (name_vi): Người dân -> Nhân dân", "tên đối tượng women: thêm"],
     "SELECT kind, audience, name_vi FROM pulse.audience_labels ORDER BY 1, 2",
     [("audience", "citizens", "Nhân dân"), ("audience", "women", "Phụ nữ"), ("inviter", "farmers", "Hội Nông dân")]),
    ("targets.csv", TARGETS + "DA06-2023-HG,HG-CAT,40,,,,,\n,HG-SYTE,10,,,,passed,III.2\n",
     TARGETS + "DA06-2023-HG,HG-CAT,45,,,,,\nDA06-2023-HG,HG-CAT,30,,,,passed,\n",
     ["target DA06-2023-HG HG-CAT: changed, planned 40 -> 45", "target DA06-2023-HG HG-CAT passed: added",
      "target HG-SYTE passed III.2: removed"],
     ["chỉ tiêu DA06-2023-HG HG-CAT: sửa, chỉ tiêu (planned): 40 -> 45", "chỉ tiêu HG-SYTE passed III.2: bỏ"],
     "SELECT target, planned FROM pulse.targets ORDER BY 1",
     [("DA06-2023-HG HG-CAT", 45), ("DA06-2023-HG HG-CAT passed", 30)]),
    ("calendar.csv", "date,kind,name\n2023-09-04,holiday,Nghỉ bù Quốc khánh\n",
     "date,kind,name\n2023-09-04,holiday,Nghỉ bù\n2023-09-09,working_saturday,Làm bù\n",
     ["day 2023-09-04: changed, name Nghỉ bù Quốc khánh -> Nghỉ bù", "day 2023-09-09: added"],
     ["ngày 2023-09-04: sửa, tên (name): Nghỉ bù Quốc khánh -> Nghỉ bù", "ngày 2023-09-09: thêm"],
     "SELECT day::text, kind FROM pulse.calendar ORDER BY 1", [("2023-09-04", "holiday"), ("2023-09-09", "working_saturday")]),
]


@pytest.mark.parametrize("file, before, after, told, told_vi, query, held", CHANGES, ids=[c[0] for c in CHANGES])
def test_a_change_of_labels(database, folder, file, before, after, told, told_vi, query, held):  # noqa: F811
    (folder / file).write_text(before, encoding="utf-8")
    database.aggregator("config", "load", folder)
    counted(database)
    (folder / file).write_text(after, encoding="utf-8")
    said = database.aggregator("config", "diff", folder).stdout
    heading, *lines = said.splitlines()
    assert heading.startswith("labels, in effect at once") and lines[-1] == "config load would take this folder", said
    for line in told:
        assert f"  {line}" in lines, said
    said = database.aggregator("config", "diff", folder, "--lang", "vi").stdout
    assert said.startswith("tên gọi, có hiệu lực ngay") and said.endswith("config load sẽ nạp được thư mục này\n"), said
    for line in told_vi:
        assert f"  {line}" in said.splitlines(), said
    database.aggregator("config", "load", folder)
    assert database.query(query) == held
    assert versions(database) == (1, [1]), "labels make no version"
    assert "no difference" in database.aggregator("config", "diff", folder).stdout


def test_a_staff_count_that_a_target_needs_is_not_taken_away(database, folder):  # noqa: F811
    (folder / "staff.csv").write_text(STAFF + "HG-CAT,2023-06-01,40,\n", encoding="utf-8")
    (folder / "targets.csv").write_text(TARGETS + "DA06-2023-HG,HG-CAT,,1,2023-06-01,,,\n", encoding="utf-8")
    database.aggregator("config", "load", folder)
    (folder / "staff.csv").unlink()
    assert "staff.csv has no staff of HG-CAT" in database.aggregator("config", "load", folder, code=2).stderr
    assert database.query("SELECT unit, staff FROM pulse.staff") == [("HG-CAT", 40)]


def test_status_knows_where_the_calendar_ends(database, folder):  # noqa: F811
    def status():
        return json.loads(database.aggregator("status", "--format", "json", "--brokers", "127.0.0.1:9").stdout)
    database.aggregator("config", "load", folder)
    assert status()["calendar_ends"] is None, "no training has a deadline"
    (folder / "trainings.yaml").write_text(RULES, encoding="utf-8")
    database.aggregator("config", "load", folder)
    assert status()["calendar_ends"] == "31/12/2023" and status()["warnings"] == [], "it has ended: no warning any more"
    today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=7))).date()
    (folder / "calendar.csv").write_text(f"date,kind,name\n{today.year}-09-02,holiday,Quốc khánh\n", encoding="utf-8")
    database.aggregator("config", "load", folder)
    said, left = status(), (datetime.date(today.year, 12, 31) - today).days
    assert said["calendar_ends"] == f"31/12/{today.year}"
    assert any(f"in {left} days" in line for line in said["warnings"]) == (left <= 60)


def test_provinces_of_both_eras(database):  # noqa: F811
    assert "86 units, 0 trainings" in database.aggregator("config", "check", VIETNAM).stdout
    database.aggregator("config", "load", VIETNAM)
    alive = "SELECT count(*) FROM pulse.units WHERE %s::date BETWEEN coalesce(valid_from, '-infinity') AND coalesce(valid_to, 'infinity')"
    assert database.query(alive, "2025-06-30") == [(63,)]
    assert database.query(alive, "2025-07-01") == [(34,)]
    # Each of the 63 is one of the 34 now, itself or by its successor, and all of the 34 are reached.
    assert database.query("""
        SELECT count(*), count(DISTINCT coalesce(successor, unit)) FROM pulse.units LEFT JOIN pulse.unit_successors USING (unit)
         WHERE valid_from IS NULL""") == [(63, 34)]
    assert database.query("""
        SELECT old.name, new.name, new.official_code
          FROM pulse.unit_successors s JOIN pulse.units old USING (unit) JOIN pulse.units new ON new.unit = s.successor
         WHERE new.unit IN ('VN-2025-08', 'VN-2025-15') ORDER BY new.unit, old.unit""") == [
        ("Tỉnh Hà Giang", "Tỉnh Tuyên Quang", "08"), ("Tỉnh Tuyên Quang", "Tỉnh Tuyên Quang", "08"),
        ("Tỉnh Lào Cai", "Tỉnh Lào Cai", "15"), ("Tỉnh Yên Bái", "Tỉnh Lào Cai", "15")]
    # The tree of each era: under today's Tuyên Quang count the people of both, in 2023 each province's own.
    below = "SELECT unit FROM pulse.unit_paths WHERE tree = 'territory' AND version_from = %s::date AND ancestor = %s ORDER BY unit"
    assert database.query(below, "2025-07-01", "VN-2025-08") == [("VN-02",), ("VN-08",), ("VN-2025-08",)]
    assert database.query(below, "-infinity", "VN-02") == [("VN-02",)]
    with open(VIETNAM / "calendar.csv", encoding="utf-8") as file:
        assert database.query("SELECT count(*) FROM pulse.calendar") == [(len(list(csv.DictReader(file))),)]


def test_the_official_list_of_today_finds_its_provinces(database, tmp_path):  # noqa: F811
    """Code 15 was Yên Bái's and is Lào Cai's: the list's communes come below the province of its day."""
    for file in VIETNAM.glob("*.*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "official-units.csv").write_text(OFFICIAL + "Tỉnh Lào Cai,15,Phường Yên Bái,4252\nTỉnh Sơn La,14,Phường Tô Hiệu,3646\n",
                                                 encoding="utf-8")
    database.aggregator("config", "load", tmp_path)
    assert database.query("SELECT unit, parent FROM pulse.units WHERE kind = 'xa' ORDER BY unit") == [
        ("VN-03646", "VN-14"), ("VN-04252", "VN-2025-15")]
