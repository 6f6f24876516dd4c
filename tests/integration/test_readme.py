"""The commands and queries of README and docs, typed against the world of `make demo`: each must do what it says and find something."""
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import psycopg
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "deploy/demo"))
import printed  # noqa: E402

from harness.stack import REFERENCE, ROOT, Stack

BINARIES = Path(os.environ.get("MOOC_BIN_DIR", ROOT / "build/release"))
pytestmark = pytest.mark.long

PAGES = ["README.md", "README.vi.md", *(f"docs/{name}.md" for name in ("reports", "closing", "follow-up", "bi", "dashboards"))]
# What the pages show that this world has not, or that other tests play: the beginning of the command.
ELSEWHERE = (
    "mooc-aggregator run", "mooc-aggregator config load", "mooc-aggregator erase", "mooc-aggregator replay",  # test_runbook
    "mooc-aggregator report headcounts --unit QNG-TINHCHAU", "mooc-aggregator report targets --unit VP",       # test_reports
)
# What a command prints of this world, besides ending well.
FINDS = {
    "mooc-aggregator report summary": ["2.103/2.716", "77,4%", "429 (15,8%)", "thứ 4/27"],
    "mooc-aggregator report appendix1 --wave DA06-2023-HG --at": ["2.716", "2.287", "2.103", "2.072"],
    "mooc-aggregator report appendix1 --wave DA06-2023-HG --why": ["exam.graded,daotao,2023-09-", "roster.listed,lists,2023-09-"],
    "mooc-aggregator report changes": ["Không có số liệu nào thay đổi."],
    "mooc-aggregator issues": ["e-mail: 6"],
    "mooc-aggregator issues --export": ["HG-SYTE.xlsx: 2"],
}
# Nghệ An's plan and deadlines are not in this world.
OTHERS = "'NA-"
BLOCK = re.compile(r"^```(?:sh|sql)?[^\n]*\n(.*?)^```", re.M | re.S)


def blocks(page):
    return BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))


def commands(page):
    for block in blocks(page):
        for line in block.replace("\\\n", " ").splitlines():
            words = line.split("  #")[0].split("    #")[0].strip().rstrip(";&")
            for one in words.split("; "):
                if one.startswith("mooc-aggregator ") and "--check-config" not in one:
                    yield one.strip()


def queries(page):
    for block in re.findall(r"^```sql\n(.*?)^```", (ROOT / page).read_text(encoding="utf-8"), re.M | re.S):
        if "$$" in block:
            continue  # for who looks after the server, not for a BI login
        for statement in re.sub(r"--[^\n]*", "", block).split(";"):
            if statement.strip():
                yield statement.strip()


class Demo:
    def __init__(self, folder):
        self.folder = folder
        self.config = folder / "demo/aggregator.yaml"
        self.stack = Stack(folder / "demo", BINARIES, name="readme")
        self.logins = ["bi_readme"]
        self.here = folder / "here"
        self.here.mkdir()
        roster = next(p for p in sorted((folder / "demo/world/rosters").glob("*.xlsx")) if p.name.startswith("so_y_te"))
        for name in ("list.xlsx", "so-y-te.xlsx"):
            shutil.copy(roster, self.here / name)

    def play(self, command):
        """What it printed, and the file or folder that it wrote."""
        words, out = [], None
        for word in shlex.split(command.replace("FILE", str(self.here / "secret"))):
            if word.startswith(("/run/secrets/", str(self.here / "secret"))):
                word = self.here / "secret"
                word.write_text("a-secret-of-24-characters\n")
                word.chmod(0o600)
            elif word.startswith("/srv/"):
                word = self.here / word.lstrip("/")
                word.parent.mkdir(parents=True, exist_ok=True)
            elif word.startswith("/etc/mooc-pulse/reference"):
                word = REFERENCE
            words.append(str(word))
        if "--config" in words:
            words[words.index("--config") + 1] = str(self.config)
        elif words[1] != "config":
            words += ["--config", str(self.config)]
        if words[1:3] == ["bi-user", "add"]:
            self.logins.append(words[3])
        for flag in ("--out", "--export"):
            if flag in words:
                out = self.here / words[words.index(flag) + 1]
        if words[1:3] == ["report", "pack"]:
            shutil.rmtree(out, ignore_errors=True)
            out.parent.mkdir(parents=True, exist_ok=True)
        if words[1:3] == ["report", "follow-up"]:  # two pages name the same list
            out.unlink(missing_ok=True)
        done = subprocess.run([BINARIES / words[0], *words[1:]], cwd=self.here, capture_output=True, text=True, timeout=120,
                              env={k: v for k, v in os.environ.items() if not k.startswith("MOOC_")})
        return done, out


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("readme")
    done = subprocess.run([sys.executable, ROOT / "deploy/demo/demo.py", "--folder", folder / "demo", "--binaries", BINARIES, "--name",
                           "readme"], capture_output=True, text=True, timeout=300,
                          env=os.environ | {"PYTHONPATH": str(ROOT / "tests")})
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    made = Demo(folder)
    yield made
    made.stack.close_server_side()
    with psycopg.connect(dbname="postgres", autocommit=True) as server:
        for login in made.logins:
            server.execute(f"DROP ROLE IF EXISTS {login}")


def best(command):
    """The longest beginning of the command of which something is known."""
    return max((start for start in FINDS if command.startswith(start)), key=len, default=None)


def found(out):
    """A workbook with more than headings, a pack of all 33 units, forms."""
    if out.is_dir() and (out / "manifest.json").exists():
        units = {file["name"].split("/")[0] for file in json.loads((out / "manifest.json").read_text())["files"] if "/" in file["name"]}
        return len(units) >= 33
    if out.is_dir():
        return any(out.glob("HG-*.xlsx"))
    book = openpyxl.load_workbook(out)
    return sum(isinstance(cell, (int, float)) and cell > 0 for sheet in book for row in sheet.iter_rows(values_only=True)
               for cell in row) > 5


def test_every_command(demo):
    played, wrong = [], []
    for page in PAGES:
        for command in commands(page):
            command = command.replace("555/CAT", f"{PAGES.index(page)}/CAT")  # a document is closed once
            if command.startswith(ELSEWHERE) or command in played:
                continue
            played.append(command)
            done, out = demo.play(command)
            missing = [text for start, texts in FINDS.items() if best(command) == start for text in texts if text not in done.stdout]
            print(f"{page}: {command}\n  -> {done.returncode} {(done.stdout + done.stderr).strip()[-300:]}")
            if done.returncode != 0 or missing or (out and not found(out)):
                wrong.append((page, command, done.returncode, missing, done.stderr[-400:]))
    assert wrong == []
    assert len(played) > 35


def test_the_closed_document_is_the_printed_one(demo):
    """After every command: what README closes at the end of 2 October 2023 has the figures that were printed then, all timed before."""
    done, _ = demo.play("mooc-aggregator report appendix1 --closed 0/CAT --format csv")
    assert printed.appendix1(done.stdout)[::2] == (33, [])
    first, last = demo.stack.query("SELECT min(event_time)::date::text, max(event_time)::date::text FROM archive.events"
                                   " WHERE type NOT IN ('source.swept')")[0]
    assert "2023-09-19" <= first and last <= "2023-10-03"


def test_every_query(demo):
    wrong = []
    with psycopg.connect(dbname="mooc_readme", user="bi_readme", password="only-for-the-demo", autocommit=True) as reader:
        for page in ("docs/bi.md", "docs/dashboards.md"):
            for query in queries(page):
                if OTHERS in query:
                    continue
                query = query.replace("$training", "DA06-2023").replace("$__timeFrom()", "'2023-09-01'").replace("$__timeTo()", "'2023-09-30'")
                rows = reader.execute(query).fetchall()
                print(page, query[:100], len(rows))
                if not rows:
                    wrong.append((page, query))
    assert wrong == []
