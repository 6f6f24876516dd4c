"""Settings of the Superset that deploy/superset/superset.sh starts: one machine, one process, loopback only.

For an installation of your own, take over what stands under "How figures look" and leave the rest to your administrators.
"""
import os
from pathlib import Path

HOME = Path(os.environ["MOOC_SUPERSET_HOME"])

# ---- where it keeps what is its own ----
SECRET_KEY = (HOME / "secret-key").read_text().strip()
SQLALCHEMY_DATABASE_URI = f"sqlite:///{HOME}/superset.db?check_same_thread=false"
RATELIMIT_STORAGE_URI = "memory://"

# ---- who may what ----
PREVENT_UNSAFE_DB_CONNECTIONS = True
PUBLIC_ROLE_LIKE = None  # nobody sees anything without a login
WTF_CSRF_ENABLED = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
TALISMAN_ENABLED = True
# Nothing on a page is loaded from elsewhere. A chart's own colours and the editor need inline styles.
TALISMAN_CONFIG = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "script-src": ["'self'", "'strict-dynamic'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,  # loopback; behind a proxy that speaks https set it, and SESSION_COOKIE_SECURE
    "session_cookie_secure": False,
}

# ---- answers ----
# The login of `mooc-aggregator bi-user add` ends a statement after 60 s; Superset waits a little longer, to show that message.
SUPERSET_WEBSERVER_TIMEOUT = 75
SQLLAB_TIMEOUT = 60
ROW_LIMIT = 10_000
SQL_MAX_ROW = 100_000
# Figures change within seconds: a chart asks the database each time it is drawn.
DATA_CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}

# ---- how figures look: 2.103 and 77,4, 20/09/2023 ----
D3_FORMAT = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " ₫"]}
D3_TIME_FORMAT = {
    "dateTime": "%H:%M %d/%m/%Y",
    "date": "%d/%m/%Y",
    "time": "%H:%M:%S",
    "periods": ["SA", "CH"],
    "days": ["Chủ nhật", "Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy"],
    "shortDays": ["CN", "T2", "T3", "T4", "T5", "T6", "T7"],
    "months": [f"tháng {n}" for n in range(1, 13)],
    "shortMonths": [f"Thg {n}" for n in range(1, 13)],
}
APP_NAME = "MOOC Pulse"
