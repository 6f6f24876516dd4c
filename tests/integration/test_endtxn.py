"""Commits whose outcome nobody knows: a proxy swallows the reply to EndTxn, or the request, once or until the producer is made anew.
Whatever the broker made of it, no id is published twice, no chain breaks and nothing is lost. MOOC_ENDTXN says how often it is
provoked (`make endtxn-test`: 200 times)."""
import os
import random
import signal
import struct
import time
from collections import Counter

import shard_log
from harness.kafka_proxy import END_TXN, INIT_PRODUCER_ID, KafkaProxy, Swallow
from test_shard import Driver

TIMES = int(os.environ.get("MOOC_ENDTXN", "5"))
TRANSACTION_MS = 1500
# what is swallowed, whether the connection is closed, whether it goes on until the producer is made anew
KINDS = {"reply": (Swallow(close=True), False), "reply, mute": (Swallow(), False),
         "request": (Swallow(request=True, close=True), False),
         "every reply": (Swallow(close=True), True), "every reply, mute": (Swallow(), True),
         "every request": (Swallow(request=True, close=True), True),
         "every request, mute": (Swallow(request=True), True)}


class Faults:
    def __init__(self, seed, times):
        self.moments, self.left, self.lasting = random.Random(seed), times, None
        self.kinds, self.replies = Counter(), Counter()
        self.order = []

    def judge(self, key):
        if key == INIT_PRODUCER_ID:
            self.lasting = None
        if key != END_TXN:
            return None
        if self.lasting:
            return self.lasting
        if not self.left or self.moments.random() > 0.4:
            return None
        if not self.order:
            self.order = self.moments.sample(sorted(KINDS), len(KINDS))
        kind = self.order.pop()
        fate, lasts = KINDS[kind]
        self.left -= 1
        self.kinds[kind] += 1
        self.lasting = fate if lasts else None
        return fate

    def swallowed(self, body):
        """Of EndTxn versions 0 to 2: throttle time, error code."""
        self.replies[struct.unpack(">ih", body[:6])[1]] += 1


def test_unknown_outcome_of_a_commit(brokers, prefix, tmp_path):
    seed, entities = int(os.environ.get("MOOC_SEED", "17")), 600
    faults = Faults(seed, TIMES)
    with KafkaProxy(brokers, faults.judge, faults.swallowed) as proxy:
        driver = Driver(proxy.address, prefix, tmp_path, seed, entities, 1000000,
                        more=("200", "stay", str(TRANSACTION_MS)))
        lines = []
        deadline = time.monotonic() + 60 + 6 * TIMES
        while faults.left or faults.lasting:
            lines.append(driver.wait_line(("ready", "round")))
            assert time.monotonic() < deadline, f"{faults.left} of {TIMES} still to be provoked"
        lines += [driver.wait_line("round") for _ in range(3)]
        driver.process.send_signal(signal.SIGTERM)
        output = driver.finish(seconds=30)
    lines += output.splitlines()
    turn = int([line for line in lines if line.startswith("round")][-1].split()[1])
    loads = sum(line.startswith("ready") for line in lines)
    assert sum(faults.kinds.values()) == TIMES
    assert faults.replies[0] > 0, "no transaction was committed without our knowing"
    if TIMES >= len(KINDS):
        assert loads > 2, "the state was never read anew"
    turn = turn // 8 * 8 + 13  # some rounds on, well within a stretch of absences
    Driver(brokers, prefix, tmp_path, seed, entities, turn + 1).finish()
    last = shard_log.check_chains(shard_log.events(brokers, prefix))
    shard_log.check_truth(last, seed, entities, turn)
    aborted = len(shard_log.read(brokers, f"{prefix}mooc.events.v1", "read_uncommitted")) - \
        len(shard_log.read(brokers, f"{prefix}mooc.events.v1"))
    print(f"{TIMES} times: {dict(faults.kinds)}; swallowed replies by error code: {dict(faults.replies)}; the state was read anew "
          f"{loads - 1} times; {aborted} records of aborted transactions, {turn} rounds")
