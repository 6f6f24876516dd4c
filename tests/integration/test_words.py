"""What is refused is told in Vietnamese where that is asked for: of the command line, of files, of the folder of reference data."""
import os
import re
import shutil
import subprocess

import pytest

from private_database import BINARY, ROOT

INGEST = BINARY.parent / "mooc-ingest"


def run(*arguments, **variables):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MOOC_")} | variables
    return subprocess.run(arguments, env=environment, text=True, capture_output=True, timeout=60)


LINES = {
    "status --lagg 3": "không có tùy chọn --lagg; có phải là --lang?",
    "status --xyzzyx 3": "không có tùy chọn --xyzzyx; xem `mooc-aggregator --help`",
    "status -l": "không có tùy chọn -l: tùy chọn bắt đầu bằng hai dấu gạch; xem `mooc-aggregator --help`",
    "status --format": "--format thiếu giá trị: table|csv|csv-excel|json|xlsx|html|text",
    "status --month 2023-09": "--month không dùng được với status, chỉ dùng với: report (headcounts, monthly), archive export, archive import, archive detach, archive attach",
    "status --status-max-lag x": '--status-max-lag: "x": phải là số nguyên',
    "status --status-late-after 5": '--status-late-after: "5": phải là khoảng thời gian có đơn vị, chẳng hạn 250ms, 30s, 5m, 2h hoặc 7d',
    "report monthly --wave x": "--wave không dùng được với report monthly, chỉ dùng với: report (tất cả trừ monthly, changes, closed)",
    "report waves --month 2023-09": "--month không dùng được với report waves, chỉ dùng với: report (headcounts, monthly)",
    "report groups --below 200": '--below: "200": phải từ 1 đến 100',
    "report groups --below 20 --below 30": "--below được nêu hai lần, là 20 và 30: hãy bỏ một",
    "status --check --format json --database host=127.0.0.1": "--format không dùng với status --check: hãy bỏ đi",
    "statsu": 'không có lệnh "statsu"; có phải là "status"?',
    "config": "sau config cần một trong: check, diff, load",
    "config show": 'không có lệnh "config show"; config có: check, diff, load',
    "config diff": "config diff cần có DIR",
    "status now": 'status không nhận gì thêm; "now" là thừa',
    "status --config /nowhere/a.yaml": "--config: /nowhere/a.yaml: không đọc được: không có tệp hoặc thư mục này",
    "": "cần nêu một lệnh; xem `mooc-aggregator --help`",
}


@pytest.mark.parametrize("line", sorted(LINES))
def test_a_wrong_command_line(line):
    done = run(BINARY, *line.split(), "--lang", "vi") if "--format" != line.split(" ")[-1] else run(BINARY, "--lang", "vi", *line.split())
    assert (done.returncode, done.stderr) == (2, f"mooc-aggregator: {LINES[line]}\n")
    assert run(BINARY, *line.split(), MOOC_LANG="en").stderr != done.stderr


def test_the_language_is_known_from_the_variable_and_the_file(tmp_path):
    config = tmp_path / "aggregator.yaml"
    config.write_text("lang: vi\n")
    words = 'mooc-aggregator: không có lệnh "statsu"; có phải là "status"?\n'
    assert run(BINARY, "statsu", "--lang=vi").stderr == words
    assert run(BINARY, "statsu", MOOC_LANG="vi").stderr == words
    assert run(BINARY, "statsu", "--config", config).stderr == words
    assert run(BINARY, "statsu", MOOC_CONFIG=str(config)).stderr == words
    for english in (("--lang", "en", "--config", config), ()):
        assert 'is no command; did you mean "status"?' in run(BINARY, "statsu", *english).stderr
    assert run(INGEST, "status", "--lag", "3", "--lang", "vi").stderr.startswith("mooc-ingest: không có tùy chọn --lag; ")
    assert run(BINARY, "--check-config", "--config", config).stdout == f"mooc-aggregator: cấu hình hợp lệ: {config}\n"


@pytest.mark.parametrize("text, words", [
    ("lgo_level: info\n", ':2: không có mục "lgo_level"; có phải là "log_level"?\n'),
    ("log_level: loud\n", ':2: log_level: "loud": phải là một trong debug|info|warn|error\n'),
    ("log_level: [info]\n", ":2: log_level: phải là một giá trị, không phải danh sách hay nhóm mục\n"),
    ("\tlog_level: info\n", ":2: không đúng cú pháp YAML: thụt dòng bằng dấu cách, không dùng tab; "),
    ("lang: vi\n", ':2: mục "lang" được nêu lần thứ hai\n'),
    ("password: x\n", ":2: password: bí mật chỉ được lấy từ tệp: hãy ghi password_file là đường dẫn của tệp\n"),
    ("xyzzy: x\n", ':2: không có mục "xyzzy"; xem `mooc-aggregator --help`\n')])
def test_a_wrong_file(tmp_path, text, words):
    config = tmp_path / "aggregator.yaml"
    config.write_text("lang: vi\n" + text)
    done = run(BINARY, "status", "--config", config, "--lang", "vi")
    assert done.returncode == 2 and words in done.stderr, done.stderr


def test_faults_of_a_folder(tmp_path):
    folder = shutil.copytree(ROOT / "config/hagiang-2023", tmp_path / "reference")
    trainings = folder / "trainings.yaml"
    good = trainings.read_text()
    for bad, words in ((good.replace("pass_rule:", "pas_rule:"), 'trainings.yaml:5: không có mục "pas_rule"; có phải là "pass_rule"?'),
                       (good + "\tx: y\n", "trainings.yaml:9: không đúng cú pháp YAML: thụt dòng bằng dấu cách"),
                       (good + "- &a b\n", "trainings.yaml:9: không hỗ trợ neo (&a): hãy viết hẳn giá trị ra")):
        trainings.write_text(bad)
        done = run(BINARY, "config", "check", folder, "--lang", "vi")
        assert done.returncode == 2 and words in done.stderr, done.stderr
        assert "unknown" not in done.stderr and "support" not in done.stderr
    trainings.write_text(good)
    (folder / "waves.csv").unlink()
    assert "\nwaves.csv: không mở được: không có tệp hoặc thư mục này" in "\n" + run(BINARY, "config", "check", folder, "--lang", "vi").stderr
    (folder / "waves.csv").write_bytes(b'code,"training\n')
    said = run(BINARY, "config", "check", folder, "--lang", "vi").stderr
    assert "waves.csv: " in said and "ngoặc kép" in said and "quote" not in said, said
    said = run(BINARY, "config", "check", tmp_path / "none", "--lang", "vi").stderr
    assert f"không mở được thư mục danh mục {tmp_path}/none: không có tệp hoặc thư mục này" in said


def test_details_have_the_same_words_for_people_and_in_the_views():
    """mooc-ingest has no database and the views have no program: the phrases stand twice."""
    source = (ROOT / "common/rejected_words.c").read_text()
    text = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'
    joined = lambda literal: "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literal)).replace('\\"', '"')
    in_c = {joined(en): joined(vi) for en, vi in re.findall(r"\{" + text + ",\\s*" + text + r"\}", source)}
    schema = (ROOT / "schema/deploy/issue_kinds.sql").read_text().partition("INSERT INTO pulse.detail_words")[2]
    in_sql = {en.replace("''", "'"): vi.replace("''", "'") for en, vi in re.findall(r"\(\d+, '((?:[^']|'')*)',\s*'((?:[^']|'')*)'\)", schema)}
    assert in_c == in_sql and len(in_c) > 30
