"""A proxy before PostgreSQL, so that connections can be cut, made mute, or stopped within a COPY."""
import os
import random
import socket
import threading


class Link:
    """One connection through the proxy. Freezing stops both directions without closing anything."""

    def __init__(self, proxy, client, server):
        self.proxy, self.client, self.server = proxy, client, server
        self.client_port = server.getsockname()[1]  # as pg_stat_activity has it
        self.passing, self.frozen = threading.Event(), threading.Event()
        self.passing.set()
        for source, sink, upwards in ((client, server, True), (server, client, False)):
            threading.Thread(target=self._pump, args=(source, sink, upwards), daemon=True).start()

    def freeze(self):
        self.passing.clear()
        self.frozen.set()

    def thaw(self):
        self.passing.set()

    def cut(self):
        self.passing.set()
        for end in (self.client, self.server):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _pump(self, source, sink, upwards):
        try:
            while data := source.recv(1 << 14):
                self.passing.wait()
                if upwards:
                    data = self.proxy.watch(self, data, sink)
                sink.sendall(data)
        except OSError:
            pass
        self.cut()
        with self.proxy.lock:
            self.proxy.links.discard(self)


class PgProxy:
    def __init__(self, seed):
        self.target = os.environ["PGHOST"], int(os.environ["PGPORT"])
        self.random = random.Random(seed)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.lock, self.links, self.trap = threading.Lock(), set(), None
        self.mute = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            link = Link(self, client, socket.create_connection(self.target))
            with self.lock:
                self.links.add(link)
                if self.mute.is_set():
                    link.freeze()

    def set_trap(self, text, within=False):
        """The connection that sends this text next is frozen behind it: before the rest is passed on, or within what follows."""
        self.trap = {"text": text, "within": within, "link": None, "left": None, "sprung": threading.Event()}
        return self.trap

    def set_trap_on(self, link):
        """That connection is frozen within one of the next things that it sends."""
        self.trap = {"link": link, "within": False, "left": self.random.randrange(3000), "sprung": threading.Event()}
        return self.trap

    def watch(self, link, data, sink):
        trap = self.trap
        if not trap or (trap["link"] not in (None, link)):
            return data
        if trap["link"] is None:
            if trap["text"] not in data:
                return data
            trap["link"] = link
            trap["left"] = self.random.randrange(20, 400) if trap["within"] else 0
            if not trap["within"]:
                sink.sendall(data)
                data = b""
            elif (end := data.index(trap["text"])) < len(data):
                statement_end = data.index(b"\0", end) + 1
                sink.sendall(data[:statement_end])
                data = data[statement_end:]
        if len(data) < trap["left"]:
            trap["left"] -= len(data)
            return data
        if trap["within"] and not data:
            return data
        if data and trap["left"]:
            sink.sendall(data[:trap["left"]])
            data = data[trap["left"]:]
        self.trap = None
        link.freeze()
        trap["sprung"].set()
        link.passing.wait()
        return data

    def all_links(self):
        with self.lock:
            return list(self.links)

    def freeze_all(self):
        self.mute.set()
        for link in self.all_links():
            link.freeze()

    def heal(self):
        self.trap = None
        self.mute.clear()
        for link in self.all_links():
            link.thaw()

    def close(self):
        self.listener.close()
        for link in self.all_links():
            link.cut()
