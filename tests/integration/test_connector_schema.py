"""schema/connector.schema.json and the C reader say the same of connector files: all shipped ones are right, and of hundreds of
files made from them by one fault each, what the schema refuses the reader refuses; what only the reader refuses is no matter of
shape."""
import copy
import json
import os
import re
import subprocess
from pathlib import Path

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TOOL = Path(os.environ.get("MOOC_BIN_DIR", ROOT / "build/asan")) / "tools/connector_verdicts"
SCHEMA = json.loads((ROOT / "schema/connector.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
# What the reader says of shapes; the schema must say no as well.
SHAPE = re.compile(r": (unknown key|expected|exactly one|`[^`]*` (is missing|stands only where|is none of|is not from|is no name)"
                   r"|has \d+ items)")
BEYOND = re.compile(r"is not from .* ms$|regular expression|`on_vanish` is missing")


class Loader(yaml.SafeLoader):
    """Dates are texts, as they are for editors."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}

FILES = sorted((ROOT / "ingest/connectors").glob("*.yaml")) + sorted((ROOT / "tests/fuzz/corpus/connector_file").glob("*.yaml"))


def load(path):
    return yaml.load(path.read_text(), Loader)


def verdicts(paths):
    answer = subprocess.run([TOOL, *paths], capture_output=True, text=True, check=True)
    return answer.stdout.splitlines()


def places(node, path=()):
    yield path
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in items:
        yield from places(child, path + (key,))


def at(document, path):
    for step in path:
        document = document[step]
    return document


def put(document, path, value):
    changed = copy.deepcopy(document)
    if path:
        at(changed, path[:-1])[path[-1]] = value
        return changed
    return value


def faults(document):
    """The document with one fault each."""
    for path in places(document):
        node = at(document, path)
        if not path:
            continue
        for wrong in ([node], {"x": node}, "%", 7, True, None, -1, "", {}, []):
            if wrong != node or type(wrong) is not type(node):
                yield put(document, path, wrong)
        without = copy.deepcopy(document)
        del at(without, path[:-1])[path[-1]]
        yield without
        if isinstance(node, dict):
            for key, value in (("unknown", "x"), ("name", "x"), ("when", "/a"), ("value", "/a"), ("size", 5)):
                if key not in node:
                    yield put(document, path, {**node, key: value})


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_shipped_files_are_right(path):
    assert list(VALIDATOR.iter_errors(load(path))) == []
    assert verdicts([path]) == ["ok"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_schema_and_reader_agree(path, tmp_path):
    cases = list({json.dumps(case): case for case in faults(load(path))}.values())
    every = max(1, len(cases) // 25)  # a sample, the same each time
    cases = cases[::every]
    files = []
    for number, case in enumerate(cases):
        files.append(tmp_path / f"{number}.yaml")
        files[-1].write_text(json.dumps(case))
    said = verdicts(files)
    assert len(said) == len(cases)
    refused = 0
    for case, verdict in zip(cases, said):
        schema_refuses = not VALIDATOR.is_valid(case)
        refused += schema_refuses
        if schema_refuses:
            assert verdict != "ok", json.dumps(case)
        elif verdict != "ok" and SHAPE.search(verdict) and not BEYOND.search(verdict):
            pytest.fail(f"only the reader says: {verdict}\n{json.dumps(case)}")
    assert refused > len(cases) / 4
