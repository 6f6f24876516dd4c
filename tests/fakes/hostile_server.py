"""A web server that misbehaves on purpose, one way per path, for the tests of the HTTP client and the page walker.

Prints its port, that of a canary, that of itself over TLS (0 without `--tls FOLDER`) on the first line and serves on loopback until
its standard input closes. `/count/<key>` answers how often `<key>` was asked for, `/canary` how often anybody came to the canary:
another origin, to which nothing must ever be sent. Asked as a proxy, it serves its own paths under any name.
"""

import gzip
import json
import os
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
import urllib.parse
import zlib
from email.utils import formatdate
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

    def asked_of(self):
        """The path; a proxy is asked for a whole URL."""
        scheme, _, rest = self.path.partition("://")
        self.proxied = scheme == "http" and bool(rest)
        return "/" + rest.partition("/")[2] if self.proxied else self.path

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.asked_of().startswith("/echo"):
            return self.echo(body)
        number = self.seen("token")
        ok = self.headers.get("Authorization") == "Basic bW9vYzpzM2NyZXQ=" and "grant_type=client_credentials" in body
        if not ok:
            return self.reply(b'{"error":"invalid_client"}', 401)
        return self.reply(
            json.dumps({"access_token": f"t{number}", "expires_in": 3600, "token_type": "JWT"}).encode()
        )

    def do_GET(self):
        path, _, query = self.asked_of().partition("?")
        if path.startswith("/count/"):
            return self.reply(str(counts.get(path[7:], 0)).encode())
        if path == "/canary":
            return self.reply(str(self.server.canary.visits).encode())
        name = path.strip("/").split("/")[0]
        number = self.seen(name)
        getattr(self, f"do_{name}", self.missing)(query, number)

    def missing(self, query, number):
        self.reply(b'{"detail":"Not found."}', 404)

    def echo(self, body):
        headers = "".join(f"{name.lower()}: {value}\n" for name, value in self.headers.items())
        via = "proxied" if self.proxied else "direct"
        self.reply(f"{self.command} {self.path} {via}\n{headers}\n{body}".encode(), content_type="text/plain")

    def do_echo(self, query, number):
        self.echo("")

    def raw(self, data):
        self.connection.sendall(data)
        self.close_connection = True

    def chunks(self, chunk, headers=()):
        """The same chunk for as long as anybody listens."""
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
        except OSError:
            self.close_connection = True

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

    def do_bare_gap(self, query, number):
        # The same of a platform that leaves an empty list out of its answer.
        at = int(query.partition("cursor=")[2] or 0)
        after = self.url(f"/bare_gap?cursor={at + 1}") if at < 2 else None
        self.reply(json.dumps({"next": after, "bare": True}).encode() if at == 1 else page(rows(at * 10, 10), after))

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

    def do_away(self, query, number):
        self.reply(b"", 307, [("Location", f"http://127.0.0.1:{self.server.canary.port}/good")])

    def do_linked(self, query, number):
        links = [("Link", '</linked?page=1>; rel="first"'), ("Link", '</linked?page=2>; rel="next"')]
        self.reply(page(rows(0, 1)), headers=links + [("ETag", '"v1"'), ("X-Total-Count", "41")])

    def do_versioned(self, query, number):
        version = [("ETag", '"v1"'), ("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT")]
        if self.headers.get("If-None-Match") == '"v1"' and self.headers.get("If-Modified-Since") == version[1][1]:
            return self.reply(b"", 304, version)
        self.reply(page(rows(0, 1)), headers=version)

    def do_dated(self, query, number):
        """Last changed `ago` seconds ago; with an ETag, without Date."""
        asked = urllib.parse.parse_qs(query)
        body = page(rows(0, 1))
        lines = ["HTTP/1.1 200 OK", "Content-Type: application/json", f"Content-Length: {len(body)}",
                 "Last-Modified: " + formatdate(time.time() - int(asked["ago"][0]), usegmt=True)]
        lines += ['ETag: "v1"'] if "etag" in asked else []
        lines += [] if "undated" in asked else ["Date: " + formatdate(usegmt=True)]
        self.raw("\r\n".join(lines + ["", ""]).encode() + body)

    def do_growing(self, query, number):
        """One row, from the third request on two; 304 to whoever knows that."""
        version = 1 if number < 3 else 2
        if self.headers.get("If-None-Match") == f'W/"v{version}"':
            return self.reply(b"", 304, [("ETag", f'W/"v{version}"')])
        self.reply(page(rows(0, version)), headers=[("ETag", f'W/"v{version}"')])

    def do_unasked_304(self, query, number):
        self.reply(b"", 304)

    def do_early(self, query, number):
        self.raw(b"HTTP/1.1 103 Early\r\nETag: early\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Late: 1\r\n\r\n[]")

    def do_trailer(self, query, number):
        self.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\nLink: </evil>; rel=next\r\n\r\n")

    def do_slow_clock(self, query, number):
        self.raw(b"HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 2\r\n\r\n[]")

    def do_http09(self, query, number):
        self.raw(b"<html>hello</html>")

    def do_garbage(self, query, number):
        self.raw(bytes(range(256)) * 8)

    def do_reset(self, query, number):
        self.connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n[")
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def do_endless(self, query, number):
        self.chunks(b" " * 65536)

    def do_endless_headers(self, query, number):
        try:
            self.connection.sendall(b"HTTP/1.1 200 OK\r\n")
            while True:
                self.connection.sendall(b"a:\r\n" * 1000)
        except OSError:
            self.close_connection = True

    def do_large_bomb(self, query, number):
        deflate = zlib.compressobj(1, zlib.DEFLATED, 31)
        body = b"".join(deflate.compress(bytes(1 << 20)) for _ in range(128)) + deflate.flush()
        self.reply(body, headers=[("Content-Encoding", "gzip")])

    def do_layers(self, query, number):
        body = bytes(1 << 16)
        for _ in range(8):
            body = gzip.compress(body)
        self.reply(body, headers=[("Content-Encoding", ", ".join(["gzip"] * 8))])

    def do_bucket(self, query, number):
        self.reply(b'{"status":"403","message":"Rate Limit Exceeded"}', 403, [("X-Rate-Limit-Remaining", "-12.5")])

    def do_busy(self, query, number):
        self.reply(b"<h1>Please try AGAIN later</h1>", 409, content_type="text/html")

    def do_spent(self, query, number):
        self.reply(b"[]", headers=[("RateLimit-Limit", "100"), ("RateLimit-Remaining", "0"), ("RateLimit-Reset", "90")])

    def do_stopped(self, query, number):
        self.reply(b"", 503, [("Retry-After", "7200")])

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


class Canary(threading.Thread):
    """Counts who comes; answers nothing."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.visits = 0

    def run(self):
        while True:
            connection, _ = self.socket.accept()
            self.visits += 1
            connection.close()


def serve(canary, certificate=None):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *about: None
    server.canary = canary
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def certificate_in(folder):
    """For the name lms.test, by itself."""
    path = os.path.join(folder, "lms.test.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        + ["-subj", "/CN=lms.test", "-addext", "subjectAltName=DNS:lms.test", "-keyout", path, "-out", path + ".crt"],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    with open(path, "a") as both, open(path + ".crt") as certificate:
        both.write(certificate.read())
    return path


def main():
    canary = Canary()
    canary.start()
    port = serve(canary)
    tls = serve(canary, certificate_in(sys.argv[2])) if sys.argv[1:2] == ["--tls"] else 0
    print(port, canary.port, tls, flush=True)
    sys.stdin.read()
    os._exit(0)


main()
