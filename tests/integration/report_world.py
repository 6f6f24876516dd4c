"""Four provinces of the documents in one database: Hà Giang with its printed figures (000), Nghệ An with its plan and a few people (002),
Vĩnh Phúc's citizens (001), Tịnh Châu's form (004). Figures are put into the tables as the service would leave them."""
import csv

from private_database import ROOT

DATA = ROOT / "tests/data"
HG, NA, VP, QNG = "DA06-2023", "NA-2023", "VP-KNS-2023", "QNG-CDS-2023"
WAVE = "DA06-2023-HG"
FOLDERS = [ROOT / "config" / f"{name}-2023" for name in ("hagiang", "nghean", "tinhchau", "vinhphuc")]
ONE_PROVINCE = {"T-NA": "NA", "T-QNG": "QNG", "T-VP": "VP"}  # what document 000 lists and another folder has in full


def read(name):
    with open(DATA / name, encoding="utf-8") as file:
        return list(csv.DictReader(file))


UNITS, PROVINCES, GROUPS = (read(n) for n in (
    "hagiang_2023_units.csv", "provinces_2023.csv", "hagiang_2023_groups_under_20pct.csv"))
# Sizes that give the printed rates of the ten groups, whose counts are not printed.
GROUP_SIZES = {"0%": (0, 18), "5,7%": (2, 35), "10%": (2, 20), "10,2%": (5, 49), "12,5%": (2, 16), "15,8%": (3, 19)}
ACTIVITIES = ("Tổ Công nghệ số cộng đồng các cấp trên địa bàn xã ra quân hướng cho người dân về kỹ năng khai thác và sử dụng các nền tảng số",
              "Tập huấn chuyển đổi số trên địa bàn xã",
              "Tham gia chương trình tập huấn Tổ Công nghệ số cộng đồng các địa phương do Sở Thông tin và Truyền thông tổ chức")
APPENDIX_II = ((29, 19, 203), (29, 19, 2400), (10, 19, 228))  # document 004


def rows_of(name):
    heads, rows = [], []
    for folder in FOLDERS:
        if (folder / name).exists():
            with open(folder / name, encoding="utf-8") as file:
                reader = csv.DictReader(file)
                heads += [h for h in reader.fieldnames if h not in heads]
                rows += reader
    return heads, rows


def merged(folder):
    """One folder of reference data out of four."""
    for name in ("units.csv", "waves.csv", "courses.csv", "targets.csv", "staff.csv", "audiences.csv", "calendar.csv"):
        heads, rows = rows_of(name)
        if name == "units.csv":
            rows = [r for r in rows if r["code"] not in ONE_PROVINCE]
        if name == "waves.csv":
            rows = [r | {"province": ONE_PROVINCE.get(r["province"], r["province"])} for r in rows]
        if name == "courses.csv":
            rows = [r | {"source": "vp"} if r["training"].startswith("VP") else r for r in rows]
        if name == "calendar.csv":
            rows = sorted({r["date"]: r for r in rows}.values(), key=lambda r: r["date"])
        with open(folder / name, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, heads, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    (folder / "trainings.yaml").write_text("".join((f / "trainings.yaml").read_text(encoding="utf-8") for f in FOLDERS), encoding="utf-8")
    return folder


MEASURES = ("registered", "accounts", "activated", "enrolled", "participated", "completed", "sat", "passed", "failed", "certified",
            "not_registered")


def tally(c, training, wave, unit, group="", **n):
    """People of a unit in a wave; without a wave in the training."""
    scope = "wave" if wave else "training"
    values = [n.get(m, 0) for m in MEASURES]
    c.execute(f"INSERT INTO gen_1.tallies VALUES (%s, %s, %s, 0, '', %s, %s, {', '.join(['%s'] * len(MEASURES))}, 0, 0, 0, 0, 0, 0)",
              (scope, training, wave, unit, group, *values))


def day(c, training, wave, unit, on, active, new, passed):
    """People active, new and newly passed on one day, in the wave (or the training)."""
    number = int(on[8:])
    array = lambda n: [n if d == number else 0 for d in range(1, 32)]
    c.execute("INSERT INTO gen_1.activity VALUES (%s, %s, %s, '', %s, %s, %s, NULL, NULL, 0, 0, %s, %s, %s, %s)",
              ("wave" if wave else "training", training, wave, unit, on[:8] + "01", array(active), array(new), array(passed), array(passed),
               array(passed)))


def hagiang(c):
    codes = dict(c.execute("SELECT printed_name, unit FROM pulse.units WHERE parent = 'HG'").fetchall())
    numbers = iter(str(n) for n in range(1, 1000) if str(n) not in {g["group"] for g in GROUPS})
    # A last group for each unit, 12 of them of units where not everybody took part; beside those as many more as make 85 of 154.
    part, whole = 85 - len(GROUPS) - 12, 154 - 33 - 85 + 12
    for r in UNITS:
        left = {k: int(r[k]) for k in ("registered", "accounts", "participated", "passed")}
        tally(c, HG, "", codes[r["unit"]], **left, activated=left["accounts"], completed=left["passed"], sat=left["passed"],
              certified=left["passed"])
        cells = []

        def take(group, registered, participated):
            cells.append((group, {"registered": registered, "accounts": participated, "participated": participated, "passed": participated}))
            for k in left:
                left[k] -= cells[-1][1][k]

        for g in GROUPS:
            if g["unit"] == r["unit"]:
                participated, size = GROUP_SIZES[g["participation_rate_printed"]]
                take(g["group"], size, participated)
        while part and left["registered"] - left["participated"] > 1 and left["participated"] > 60:
            take(next(numbers), 10, 9)
            part -= 1
        while whole and left["registered"] == left["participated"] > 20:
            take(next(numbers), 1, 1)
            whole -= 1
        cells.append((next(numbers), left))
        r["cells"] = cells
    assert (part, whole) == (0, 0), (part, whole)
    for r in UNITS:
        for group, n in r.pop("cells"):
            tally(c, HG, WAVE, codes[r["unit"]], group, **n, activated=n["accounts"], completed=n["passed"], sat=n["passed"],
                  certified=n["passed"])
    tally(c, HG, "", "", accounts=3, enrolled=3, participated=2, sat=1, passed=1, not_registered=3)
    waves = dict(c.execute("SELECT printed_name, wave FROM pulse.wave_labels WHERE wave LIKE 'DA06%'").fetchall())
    for r in PROVINCES:
        if waves[r["province_and_wave"]] != WAVE:
            c.execute("""INSERT INTO gen_1.totals VALUES (gen_random_uuid(), %s, true, %s, %s, 'cac-tinh',
                      '2023-10-02 00:00:00+07', 'totals.xlsx', 'A', 1, 1, 1)""",
                      (waves[r["province_and_wave"]], int(r["registered"]), int(r["passed"]) if r["passed"] else None))
    c.execute("""INSERT INTO gen_1.issues VALUES
        ('email_malformed', gen_random_uuid(), 'DA06-2023-HG', 'HG-SYTE', 1, 'danh-sach', 'so-y-te.xlsx', 'Danh sách', 12),
        ('email_malformed', gen_random_uuid(), 'DA06-2023-HG', 'HG-SYTE', 2, 'danh-sach', 'so-y-te.xlsx', 'Danh sách', 13),
        ('listed_twice', gen_random_uuid(), 'DA06-2023-HG', 'HG-CAT', 4, 'danh-sach', 'cat.csv', '', 7),
        ('email_malformed', gen_random_uuid(), 'NA-2023-D1', 'NA-STP', 5, 'na', 'stp.csv', '', 3)""")


def nghean(c):
    """Two units in two waves: 5 people of NA-STP are in both. 2 classes of the wave in person."""
    tally(c, NA, "NA-2023-TT", "NA-STP", "Lớp 01", registered=100, accounts=3, enrolled=3, participated=98, completed=90)
    tally(c, NA, "NA-2023-TT", "NA-SNV", "Lớp 02", registered=100, accounts=0, participated=100, completed=100)
    tally(c, NA, "NA-2023-D1", "NA-STP", registered=40, accounts=38, enrolled=38, participated=30, completed=20, sat=18, passed=16,
          certified=16)
    tally(c, NA, "NA-2023-D2", "NA-STP", registered=25, accounts=20, enrolled=20, participated=12, completed=5, sat=5, passed=5, certified=5)
    tally(c, NA, "", "NA-STP", registered=160, accounts=58, enrolled=58, participated=135, completed=110, sat=23, passed=21, certified=21)
    tally(c, NA, "", "NA-SNV", registered=100, participated=100, completed=100)
    for wave, unit, on, active, new, passed in (
            ("NA-2023-TT", "NA-STP", "2023-06-20", 98, 98, 0), ("NA-2023-TT", "NA-SNV", "2023-06-21", 100, 100, 0),
            ("NA-2023-D1", "NA-STP", "2023-07-20", 22, 20, 6), ("NA-2023-D1", "NA-STP", "2023-08-01", 11, 10, 10),
            ("NA-2023-D2", "NA-STP", "2023-08-02", 12, 12, 5)):
        day(c, NA, wave, unit, on, active, new, passed)
    for unit, on, active, new, passed in (("NA-STP", "2023-06-20", 98, 98, 0), ("NA-SNV", "2023-06-21", 100, 100, 0),
                                          ("NA-STP", "2023-07-20", 22, 17, 6), ("NA-STP", "2023-08-01", 23, 20, 15)):
        day(c, NA, "", unit, on, active, new, passed)
    # Day 0, completed (infinity: not yet), lectures, learners; 10 working days after 2023-07-17 are 2023-07-31.
    for wave, unit, day_0, done, lectures, n in (
            ("NA-2023-D1", "NA-STP", "2023-07-17", "2023-07-31", 0, 15), ("NA-2023-D1", "NA-STP", "2023-07-17", "2023-08-01", 0, 5),
            ("NA-2023-D1", "NA-STP", "2023-07-17", "infinity", 9, 18), ("NA-2023-D1", "NA-STP", "infinity", "infinity", 0, 2),
            ("NA-2023-D2", "NA-STP", "2023-07-24", "infinity", 2, 12), ("NA-2023-D2", "NA-SNV", "2023-07-28", "infinity", 10, 7)):
        c.execute("INSERT INTO gen_1.deadlines VALUES ('NA-2023', %s, %s, %s, %s, %s, %s)", (wave, unit, day_0, done, lectures, n))


def vinhphuc(c):
    for unit, n in (("VP-08914-T1", 4), ("VP-08914-T2", 7), ("VP-08914-T3", 2)):
        tally(c, VP, "VP-KNS-2023-D1", unit, registered=n, accounts=n, enrolled=n, participated=n, completed=n)
        tally(c, VP, "", unit, registered=n, accounts=n, enrolled=n, participated=n, completed=n)
    c.execute("INSERT INTO gen_1.tallies SELECT 'audience', training, '', 0, 'nguoi-dan-tieu-bieu', unit, '', registered, accounts, activated,"
              " enrolled, participated, completed, sat, passed, failed, certified, not_registered, first_time, passed_first, scored, attempts,"
              " attempts_passed, score_sum FROM gen_1.tallies WHERE scope = 'training' AND training = %s", (VP,))


def tinhchau(c):
    for row, (activity, wave, counts) in enumerate(zip(ACTIVITIES, ("RAQUAN", "XA", "STTTT"), APPENDIX_II), 6):
        for audience, n in zip(("cbccvc", "to-cong-nghe-so", "nguoi-dan"), counts):
            c.execute("""INSERT INTO gen_1.headcounts VALUES (gen_random_uuid(), true, %s, 'QNG-TINHCHAU', %s, NULL, %s, %s, 'bieu',
                      '2023-09-21 02:00:00Z', 'bieu.xlsx', 'A', %s, 1, 1)""", (f"QNG-2023-{wave}", activity, [audience], n, row))


def fill(database, folder):
    database.aggregator("config", "load", merged(folder))
    with database.owner() as c:
        with c.transaction():
            for province in (hagiang, nghean, vinhphuc, tinhchau):
                province(c)
            c.execute("""
                INSERT INTO pulse.offsets (generation, topic, partition, next_offset, writer_epoch, config_version, log_time)
                SELECT 1, 'mooc.events.v1', p, 100, 1, 1, '2023-09-29 10:05:00Z' FROM generate_series(0, 1) p;
                INSERT INTO archive.offsets (topic, partition, next_offset, generation)
                SELECT 'mooc.events.v1', p, 100, 1 FROM generate_series(0, 1) p;
                INSERT INTO gen_1.marks
                SELECT gen_random_uuid(), source, stream, '', p, through::timestamptz, 2716, 0, 1, 1
                  FROM generate_series(0, 1) p, (VALUES ('daotao', 'grades', '2023-09-29 10:00:00Z'),
                      ('daotao', 'enrollments', '2023-09-29 10:01:00Z'), ('onetouch', 'progress', '2023-08-05 17:00:00Z'))
                       v (source, stream, through);
                CREATE OR REPLACE VIEW pulse.today AS SELECT date '2023-08-05' AS today""")
