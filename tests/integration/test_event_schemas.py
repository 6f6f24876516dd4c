"""The published contract (schema/events) says what common/event.c does: same types, same fields, and its examples hold."""
import copy
import hashlib
import json
import re
from pathlib import Path

import jsonschema
import pytest
from referencing import Registry, Resource

ROOT = Path(__file__).resolve().parents[2]
EVENTS = ROOT / "schema/events"
SCHEMAS = {p.name.removesuffix(".schema.json"): json.loads(p.read_text()) for p in EVENTS.glob("*.schema.json")}
EXAMPLES = {p.stem: json.loads(p.read_text()) for p in (EVENTS / "examples").glob("*.json")}
TYPES = sorted(set(SCHEMAS) - {"envelope"})
REGISTRY = Registry().with_resources(
    [(schema["$id"], Resource.from_contents(schema)) for schema in SCHEMAS.values()])


def validator(name):
    return jsonschema.Draft202012Validator(SCHEMAS[name], registry=REGISTRY,
                                           format_checker=jsonschema.FormatChecker())


def c_contract():
    """(fields by type, required by type, has_subject by type), as common/event.c's tables say."""
    source = (ROOT / "common/event.c").read_text()
    groups = {}

    def types_of(text):
        names = set()
        for word in re.findall(r"T\((\w+)\)|(\w+)", text):
            names |= {word[0]} if word[0] else groups[word[1]]
        return names

    for name, body in re.findall(r"^#define (\w+) (\(?(?:T\(|\w+ \|).*|T\(\w+\))$", source, re.M):
        if name not in ("T", "F"):
            groups[name] = types_of(body)
    fields, json_name = {}, {}
    for member, field, types in re.findall(r'FIELD\("(\w+)", (\w+), \w+,\s*\w+,\s*([^)]+(?:\))?)\),', source):
        json_name[field] = member
        for t in types_of(types):
            fields.setdefault(t, set()).add(member)
    required, subject, names = {}, {}, {}
    for enum, name, has_subject, needs in re.findall(
            r'\[EVENT_(\w+)\] = TYPE\("([\w.]+)", (true|false), (.*)\),', source):
        names[enum] = name
        subject[name] = has_subject == "true"
        required[name] = {json_name[f] for f in re.findall(r"F\((\w+)\)", needs)}
    return {names[t]: f for t, f in fields.items()}, required, subject


FIELDS, REQUIRED, SUBJECT = c_contract()


def test_every_type_has_a_schema_and_an_example():
    assert set(TYPES) == set(SUBJECT)
    assert set(EXAMPLES) == set(SUBJECT)
    assert len(TYPES) == 24


@pytest.mark.parametrize("name", TYPES)
def test_schema_agrees_with_the_code(name):
    schema = SCHEMAS[name]
    jsonschema.Draft202012Validator.check_schema(schema)
    data = schema["properties"]["data"]
    assert set(data["properties"]) == FIELDS[name]
    assert set(data.get("required", [])) == REQUIRED[name]
    assert ("subject" in schema.get("required", [])) == SUBJECT[name]
    assert schema["properties"]["type"]["const"] == name


@pytest.mark.parametrize("name", TYPES)
def test_example_holds(name):
    example = EXAMPLES[name]
    assert list(validator(name).iter_errors(example)) == []
    derived = "\0".join([example["source"], example["entity"], example["revision"]])
    assert example["id"] == hashlib.sha256(derived.encode()).hexdigest()[:32]
    assert list(example["data"]) == sorted(example["data"]), "data is canonical: sorted by name"
    assert int(example["revision"]) > int(example["previous"])


@pytest.mark.parametrize("name", TYPES)
def test_what_the_code_refuses_is_refused(name):
    for attribute in ("specversion", "id", "source", "entity", "revision", "previous", "time", "data"):
        broken = copy.deepcopy(EXAMPLES[name])
        del broken[attribute]
        assert not validator(name).is_valid(broken), attribute
    for field in REQUIRED[name]:
        broken = copy.deepcopy(EXAMPLES[name])
        del broken["data"][field]
        assert not validator(name).is_valid(broken), field
    for attribute, value in (("revision", 5), ("revision", "05"), ("revision", "-1"), ("specversion", "0.3"),
                             ("entity", ""), ("source", "x" * 301), ("time", "2023-09-20"), ("importrow", -1)):
        broken = copy.deepcopy(EXAMPLES[name])
        broken[attribute] = value
        assert not validator(name).is_valid(broken), (attribute, value)
    if SUBJECT[name]:
        broken = copy.deepcopy(EXAMPLES[name])
        del broken["subject"]
        assert not validator(name).is_valid(broken)


@pytest.mark.parametrize("name", TYPES)
def test_unknown_fields_are_kept(name):
    more = copy.deepcopy(EXAMPLES[name])
    more["traceparent"] = "00-1-1-01"
    more["data"]["something_new"] = {"deep": [1]}
    assert validator(name).is_valid(more)


@pytest.mark.parametrize("name", TYPES)
def test_examples_hold_no_clear_identifier(name):
    text = json.dumps(EXAMPLES[name])
    assert not re.search(r"[\w.]+@[\w]+\.\w+", text)
    assert not re.search(r"(?<![0-9a-f])[0-9]{12}(?![0-9a-f])", text.replace(EXAMPLES[name]["revision"], ""))


def test_asyncapi_names_every_type_once():
    text = (EVENTS / "asyncapi.yaml").read_text()
    assert sorted(re.findall(r"\$ref: ([\w.]+)\.schema\.json", text)) == TYPES
    assert sorted(re.findall(r"name: ([\w]+\.[\w]+),", text)) == TYPES
    channels = text.split("components:")[0]
    used = re.findall(r"#/components/messages/(\w+)", channels)
    assert len(used) == len(set(used)) == len(TYPES)
