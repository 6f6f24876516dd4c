"""columns.py [--check]: writes the columns of the bundle's datasets anew from bi.dictionary and the views of the database that PG*
name: names, types, Vietnamese labels, English definitions. Calculated columns stay. With --check it only says what differs (exit 1)."""
import argparse
import sys
from pathlib import Path

import psycopg
import yaml

DATASETS = Path(__file__).resolve().parent / "bundle/datasets/mooc_pulse"
TYPES = {16: "BOOLEAN", 20: "BIGINT", 21: "SMALLINT", 23: "INTEGER", 25: "TEXT", 1043: "TEXT", 1082: "DATE", 1114: "TIMESTAMP WITHOUT TIME ZONE",
         1184: "TIMESTAMP WITH TIME ZONE", 1186: "INTERVAL", 1700: "NUMERIC"}
TEMPORAL = {1082, 1114, 1184}
# What the virtual datasets have beside the columns of their view.
OWN = {
    "iso_3166_2": ("Mã vùng ISO 3166-2", "Area: Code of the area on the map"),
    "area_name": ("Vùng trên bản đồ", "Area's name: Name of the area on the map"),
    "of_today": ("Tỉnh sau 01/7/2025", "Of today: True: a province since 1 July 2025"),
    "plain_name": ("Tên tỉnh", "Plain name: Name without the word for province or city"),
}


class Dumper(yaml.SafeDumper):
    pass


Dumper.add_representer(str, lambda d, s: d.represent_scalar("tag:yaml.org,2002:str", s, style="|" if "\n" in s else None))


def labels(connection):
    with connection.cursor() as cursor:
        cursor.execute("SELECT view_name, column_name, label, label_en || ': ' || definition_en FROM bi.dictionary WHERE column_name <> ''"
                       " ORDER BY view_name")
        return {(view, column): (label, text) for view, column, label, text in cursor}


def columns(connection, dataset, words):
    """As PostgreSQL tells them. A virtual dataset's columns take their words from its view, else from any."""
    view = dataset["table_name"].removesuffix("_by_province").replace("province_map", "province_ranking")
    anywhere = {column: text for (_, column), text in words.items()}
    source = f"({dataset['sql']}) v" if dataset.get("sql") else f"bi.{view}"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {source} LIMIT 0")
        for c in cursor.description:
            label, text = words.get((view, c.name)) or OWN.get(c.name) or anywhere[c.name]
            yield {"column_name": c.name, "verbose_name": label, "description": text, "type": TYPES[c.type_code],
                   "is_dttm": c.type_code in TEMPORAL, "groupby": True, "filterable": True}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    different = []
    with psycopg.connect("") as connection:
        words = labels(connection)
        for path in sorted(DATASETS.glob("*.yaml")):
            dataset = yaml.safe_load(path.read_text(encoding="utf-8"))
            kept = [c for c in dataset["columns"] if c.get("expression")]
            dataset["columns"] = [*columns(connection, dataset, words), *kept]
            text = yaml.dump(dataset, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=140)
            if text != path.read_text(encoding="utf-8"):
                different.append(path.name)
                if not check:
                    path.write_text(text, encoding="utf-8")
    if different:
        print(("differ from the views: " if check else "written: ") + ", ".join(different))
    return 1 if check and different else 0


if __name__ == "__main__":
    sys.exit(main())
