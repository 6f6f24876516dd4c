"""Baseline: what one would write in Python. aiohttp fetches four lists at once, orjson decodes, confluent-kafka produces in
transactions of 5,000; a commit runs in a thread of its own, so that it does not stop the fetching.

    python_walk.py URL FIRST_PATH… --produce BROKERS SHARE…     prints what was done as JSON

SHARE and the padding are plain_walk's.
"""
import asyncio
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import aiohttp
import orjson
from confluent_kafka import Producer

LISTS, TRANSACTION = 4, 5000


class Share:
    """What is written to one topic for each record read; fractions add up."""

    def __init__(self, text):
        self.topic, partition, *rates = text.rsplit(":", 4)
        self.place = {} if partition == "-1" else {"partition": int(partition)}
        self.records, self.key, self.value = map(float, rates)
        self.due = self.key_due = self.value_due = 0.0


class Outbox:
    def __init__(self, brokers, shares):
        self.producer = Producer({
            "bootstrap.servers": brokers, "transactional.id": "python-walk", "compression.type": "lz4", "linger.ms": 1,
            "batch.size": 1000000, "partitioner": "murmur2", "acks": "all", "queue.buffering.max.messages": 10000000})
        self.producer.init_transactions(30)
        self.shares, self.lines, self.pad_at = [Share(share) for share in shares], [], 0
        self.thread, self.committing, self.turn = ThreadPoolExecutor(1), None, asyncio.Lock()
        self.records = self.bytes = self.transactions = 0

    def pad(self, page, length):
        """Text of the page, another piece each time."""
        if self.pad_at + length > len(page):
            self.pad_at = 0
        self.pad_at += length
        return page[self.pad_at - length:self.pad_at]

    def add(self, record, page):
        for share in self.shares:
            share.due += share.records
            share.key_due += share.records * share.key
            share.value_due += share.records * share.value
            while share.due >= 1:
                key, value = int(share.key_due / share.due), int(share.value_due / share.due)
                share.due -= 1
                share.key_due -= key
                share.value_due -= value
                text = orjson.dumps(record)[:value]
                self.lines.append((share, self.pad(page, key), text + self.pad(page, value - len(text))))

    def send(self, lines):
        self.producer.begin_transaction()
        for share, key, value in lines:
            self.producer.produce(share.topic, value, key, **share.place)
            self.bytes += len(key) + len(value)
        self.producer.commit_transaction(60)
        self.records += len(lines)
        self.transactions += 1

    async def hand_over(self):
        """Waits for the transaction before, not for this one."""
        async with self.turn:
            if self.committing:
                await self.committing
            lines, self.lines = self.lines, []
            self.committing = asyncio.get_running_loop().run_in_executor(self.thread, self.send, lines)

    async def close(self):
        await self.hand_over()
        await self.committing


async def walk(session, base, paths, outbox, done):
    while paths:
        url = base + paths.pop(0)
        while url:
            async with session.get(url) as reply:
                page = await reply.read()
            content = orjson.loads(page)
            for record in content["results"]:
                outbox.add(record, page)
                if len(outbox.lines) >= TRANSACTION:
                    await outbox.hand_over()
            done["records"] += len(content["results"])
            url = content["next"]


async def main(base, *arguments):
    at = arguments.index("--produce")
    paths, outbox, done = list(arguments[:at]), Outbox(arguments[at + 1], arguments[at + 2:]), {"records": 0}
    began = time.monotonic()
    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(walk(session, base, paths, outbox, done) for _ in range(LISTS)))
        await outbox.close()
    print(json.dumps(done | {"seconds": time.monotonic() - began, "written_records": outbox.records,
                             "written_bytes": outbox.bytes, "transactions": outbox.transactions}))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
