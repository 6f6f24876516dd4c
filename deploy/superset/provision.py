"""provision.py BUNDLE.zip: inside the Superset of superset_config.py, its administrator and the dashboards of the file. What the file
names is overwritten, so that a changed chart is seen after the next import."""
import sys
from zipfile import ZipFile

from superset.app import create_app

DATABASE = "databases/mooc_pulse.yaml"


def administrator(security_manager, password):
    found = security_manager.find_user("admin")
    if found:
        security_manager.reset_password(found.id, password)
        return found
    role = security_manager.find_role("Admin")
    return security_manager.add_user("admin", "MOOC", "Pulse", "admin@localhost", role, password=password)


def main():
    app = create_app()
    with app.app_context():
        from superset import security_manager
        from superset.commands.importers.v1.assets import ImportAssetsCommand
        from superset.commands.importers.v1.utils import get_contents_from_bundle
        from superset.utils.core import override_user

        home = app.config["HOME"]
        with ZipFile(sys.argv[1]) as bundle:
            contents = get_contents_from_bundle(bundle)
        # Imported as dashboards, charts that are there already would stay as they are.
        contents["metadata.yaml"] = contents["metadata.yaml"].replace("type: Dashboard", "type: assets")
        with override_user(administrator(security_manager, (home / "admin-password").read_text().strip())):
            ImportAssetsCommand(contents, passwords={DATABASE: (home / "bi-password").read_text().strip()}).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
