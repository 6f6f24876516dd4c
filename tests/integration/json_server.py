"""A platform of a few lines, for one test: answers over a real socket what a function says."""
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


class JsonServer(ThreadingHTTPServer):
    """answer(path, query, headers) (query: with the fields of a form) gives (status, value or None for an empty body, further headers). Use it as a context."""
    daemon_threads = True

    def __init__(self, answer):
        self.answer = answer
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_):
        pass  # connections that are cut when ingest ends

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self, form=""):
        url = urlsplit(self.path)
        fields = parse_qsl(url.query) + (parse_qsl(form) if "form" in self.headers.get("Content-Type", "") else [])
        status, value, headers = self.server.answer(url.path, dict(fields), self.headers)
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        for name, text in headers.items():
            self.send_header(name, text)
        if status != 304:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.do_GET(self.rfile.read(int(self.headers["Content-Length"] or 0)).decode())

    def log_message(self, *_):
        pass
