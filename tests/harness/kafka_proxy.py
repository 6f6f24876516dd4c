"""A TCP proxy in front of a Kafka broker that understands as much of its protocol as faults need: frames, API keys, which reply
belongs to which request, and the addresses in metadata, so that clients stay behind it."""
import socket
import struct
import threading

INIT_PRODUCER_ID, END_TXN = 22, 26


class Swallow:
    """What becomes of one request: swallowed itself, or its reply; then the connection is closed or stays up, mute."""

    def __init__(self, request=False, close=False):
        self.request, self.close = request, close


class KafkaProxy:
    """judge(key) says of each request by its API key: None to pass it on, or a Swallow. Called by several threads, one at a
    time. on_swallowed(body) gets every reply that was swallowed, without its correlation id."""

    def __init__(self, upstream, judge=lambda key: None, on_swallowed=lambda body: None, port=0):
        host, upstream_port = upstream.rsplit(":", 1)
        self.upstream, self.judge, self.on_swallowed = (host, int(upstream_port)), judge, on_swallowed
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port = self.listener.getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"
        self.lock, self.passing, self.closed = threading.Lock(), threading.Event(), False
        self.passing.set()
        self.open = set()
        self.theirs, self.ours = (self._address(p) for p in (self.upstream[1], self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    @staticmethod
    def _address(port):
        return b"127.0.0.1" + struct.pack(">i", port)

    def cut(self):
        """The network is gone: nothing passes in either direction, nothing is refused."""
        self.passing.clear()

    def heal(self):
        """What was on its way arrives, as TCP would deliver it."""
        self.passing.set()

    def close(self):
        self.closed = True
        self.passing.set()
        try:
            self.listener.shutdown(socket.SHUT_RDWR)  # wakes whoever accepts, so that nobody is let in any more
        except OSError:
            pass
        self.listener.close()
        with self.lock:
            for end in list(self.open):
                self._hang_up(end)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _hang_up(self, *ends):
        for end in ends:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _accept(self):
        while not self.closed:
            try:
                client, _ = self.listener.accept()
                self.passing.wait()
                broker = socket.create_connection(self.upstream)
            except OSError:
                continue
            waiting = {}  # correlation id -> Swallow of a reply to come
            with self.lock:
                self.open |= {client, broker}
            for source, sink, take in ((client, broker, self._request), (broker, client, self._reply)):
                threading.Thread(target=self._pump, args=(source, sink, take, waiting), daemon=True).start()

    @staticmethod
    def _exactly(source, size):
        parts = bytearray()
        while len(parts) < size:
            part = source.recv(size - len(parts))
            if not part:
                raise OSError("closed")
            parts += part
        return bytes(parts)

    def _pump(self, source, sink, take, waiting):
        try:
            while True:
                frame = self._exactly(source, struct.unpack(">i", self._exactly(source, 4))[0])
                self.passing.wait()
                frame, close = take(frame, waiting)
                if frame is not None:
                    sink.sendall(struct.pack(">i", len(frame)) + frame)
                if close:
                    break
        except OSError:
            pass
        self._hang_up(source, sink)
        with self.lock:
            self.open -= {source, sink}

    def _request(self, frame, waiting):
        key, _, correlation = struct.unpack(">hhi", frame[:8])
        with self.lock:
            fate = self.judge(key)
            if fate and not fate.request:
                waiting[correlation] = fate
        if fate and fate.request:
            return None, fate.close
        return frame, False

    def _reply(self, frame, waiting):
        with self.lock:
            fate = waiting.pop(struct.unpack(">i", frame[:4])[0], None)
            if fate:
                self.on_swallowed(frame[4:])
                return None, fate.close
        return frame.replace(self.theirs, self.ours), False
