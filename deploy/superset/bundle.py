"""bundle.py FILE.zip [--uri URI]: the folder bundle/ as one file, as Superset imports it (Dashboards, Import dashboards). URI is the
connection without password that it shall contain. Needs nothing but Python."""
import argparse
import re
import sys
import zipfile
from pathlib import Path

BUNDLE = Path(__file__).resolve().parent / "bundle"
DATABASE = "databases/mooc_pulse.yaml"


def with_uri(text, uri):
    """Superset takes the password from whoever imports, in the place of this mask."""
    masked = re.sub(r"^(\w+\+?\w*://[^@/]*)@", r"\1:XXXXXXXXXX@", uri)
    return re.sub(r"(?m)^sqlalchemy_uri: .*$", lambda _: f"sqlalchemy_uri: {masked}", text, count=1)


def write(path, uri=None):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for file in sorted(BUNDLE.rglob("*.yaml")):
            name, text = file.relative_to(BUNDLE).as_posix(), file.read_text(encoding="utf-8")
            if uri and name == DATABASE:
                text = with_uri(text, uri)
            # A date of its own for all: equal sources give equal files.
            entry = zipfile.ZipInfo(f"mooc_pulse/{name}", (2023, 10, 2, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(entry, text)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--uri")
    a = parser.parse_args()
    a.file.parent.mkdir(parents=True, exist_ok=True)
    write(a.file, a.uri)
    return 0


if __name__ == "__main__":
    sys.exit(main())
