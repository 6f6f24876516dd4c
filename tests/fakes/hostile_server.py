"""A web server that misbehaves on purpose, one way per path, for the tests of the HTTP client and the page walker.

Prints its port on the first line and serves on loopback until its standard input closes. `/count/<key>` answers how often
`<key>` was asked for.
"""

import gzip
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

counts = {}
lock = threading.Lock()


def page(records, next_link=None):
    return json.dumps({"next": next_link, "previous": None, "results": records}).encode()


def rows(start, count):
    return [{"user": f"u{i}"} for i in range(start, start + count)]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def reply(self, body, status=200, headers=(), content_type="application/json"):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def seen(self, key):
        with lock:
            counts[key] = counts.get(key, 0) + 1
            return counts[key]

    def url(self, path):
        return f"http://127.0.0.1:{self.server.server_port}{path}"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        number = self.seen("token")
        ok = self.headers.get("Authorization") == "Basic bW9vYzpzM2NyZXQ=" and "grant_type=client_credentials" in body
        if not ok:
            return self.reply(b'{"error":"invalid_client"}', 401)
        return self.reply(
            json.dumps({"access_token": f"t{number}", "expires_in": 3600, "token_type": "JWT"}).encode()
        )

    def do_GET(self):
        path, _, query = self.path.partition("?")
        if path.startswith("/count/"):
            return self.reply(str(counts.get(path[7:], 0)).encode())
        name = path.strip("/").split("/")[0]
        number = self.seen(name)
        getattr(self, f"do_{name}", self.missing)(query, number)

    def missing(self, query, number):
        self.reply(b'{"detail":"Not found."}', 404)

    # --- lists ---

    def do_good(self, query, number):
        at = int(query.partition("cursor=")[2] or 0)
        after = self.url(f"/good?cursor={at + 1}") if at < 4 else None
        body = page(rows(at * 10, 10), after)
        self.reply(gzip.compress(body), headers=[("Content-Encoding", "gzip")])

    def do_repeat(self, query, number):
        # The link always leads back to the first page, whose rows change each time.
        self.reply(page(rows(number * 10, 10), self.url("/repeat?again")))

    def do_same(self, query, number):
        self.reply(page(rows(0, 10), self.url(f"/same?cursor={number}")))

    def do_empty(self, query, number):
        self.reply(page([], self.url(f"/empty?cursor={number}")))

    def do_relative(self, query, number):
        link = {"": "?cursor=1", "cursor=1": "/relative?cursor=2"}.get(query)
        self.reply(page(rows(number * 10, 10), link))

    def do_proxied(self, query, number):
        # A proxy in front speaks another scheme, or listens on another port, than the platform knows of.
        port = self.server.server_port
        link = {"": f"https://127.0.0.1:{port}/proxied?cursor=1", "cursor=1": "http://127.0.0.1/proxied?cursor=2"}.get(query)
        self.reply(page(rows(number * 10, 10), link))

    def do_gap(self, query, number):
        # All rows of the second page were left out.
        at = int(query.partition("cursor=")[2] or 0)
        self.reply(page([] if at == 1 else rows(at * 10, 10), self.url(f"/gap?cursor={at + 1}") if at < 2 else None))

    def do_foreign(self, query, number):
        self.reply(page(rows(0, 10), f"http://127.0.0.2:{self.server.server_port}/good"))

    def do_html(self, query, number):
        self.reply(b"<html><form action=/login></form></html>", content_type="text/html")

    def do_envelope(self, query, number):
        self.reply(b'{"error":"invalidtoken","message":"no"}')

    def do_truncated(self, query, number):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.wfile.write(page(rows(0, 10))[:50])
        self.close_connection = True

    def do_truncated_then_good(self, query, number):
        if number < 3:
            return self.do_truncated(query, number)
        self.reply(page(rows(0, 10)))

    def do_redirect(self, query, number):
        self.reply(b"", 302, [("Location", self.url("/good"))])

    def do_bomb(self, query, number):
        self.reply(gzip.compress(b"[" + b"1," * 8_000_000 + b"1]"), headers=[("Content-Encoding", "gzip")])

    def do_headers(self, query, number):
        self.reply(b"[]", headers=[(f"X-{i}", "x" * 1000) for i in range(90)])

    def do_drip(self, query, number):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "100000")
        self.end_headers()
        try:
            for _ in range(100):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.1)
        except OSError:
            pass
        self.close_connection = True

    def do_throttled(self, query, number):
        if number == 1:
            return self.reply(b'{"detail":"throttled"}', 429, [("Retry-After", "1")])
        self.reply(page(rows(0, 3)))

    def do_slow(self, query, number):
        time.sleep(0.3)
        self.reply(page(rows(0, 1)))

    def do_fault(self, query, number):
        self.reply(b"<h1>Server Error (500)</h1>", 500, content_type="text/html")

    def do_expiring(self, query, number):
        # Only the second token is good: the first has expired by now.
        if self.headers.get("Authorization") != "JWT t2":
            return self.reply(b'{"detail":"Signature has expired."}', 401)
        self.reply(page(rows(0, 5)))

    def do_refusing(self, query, number):
        self.reply(b'{"detail":"Invalid token."}', 401)

    def do_forbidden(self, query, number):
        self.reply(b'{"detail":"no"}', 403)


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()
    os._exit(0)


main()
