"""Baseline: what one would write in Python. aiohttp fetches four lists at once, orjson decodes, confluent-kafka produces in
transactions of 5,000; a commit runs in a thread of its own, so that it does not stop the fetching.

    python_walk.py URL FIRST_PATH… [--events | --produce] BROKERS SHARE…     prints what was done as JSON

SHARE and the padding are plain_walk's. --produce prints each record again, as plain_walk does. --events makes an event and a state
record of each enrolment and grade: keyed HMAC of the account, fingerprint, comparison with what was seen, id.
"""
import asyncio
import hashlib
import hmac
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import aiohttp
import orjson
from confluent_kafka import Producer

LISTS, TRANSACTION = 4, 5000


class Share:
    """What is written to one topic; fractions of records and bytes add up."""

    def __init__(self, text):
        self.topic, partition, *rates = text.rsplit(":", 4)
        self.place = {} if partition == "-1" else {"partition": int(partition)}
        self.records, self.key, self.value = map(float, rates)
        self.due = self.key_due = self.value_due = 0.0

    def sizes(self):
        """Of the next record's key and value."""
        self.key_due += self.key
        self.value_due += self.value
        key, value = int(self.key_due), int(self.value_due)
        self.key_due -= key
        self.value_due -= value
        return key, value


class Again:
    """Prints the record."""

    def texts(self, record, shares):
        for share in shares:
            share.due += share.records
            while share.due >= 1:
                share.due -= 1
                yield share, orjson.dumps(record)


class Events:
    """Makes the event, and what is remembered of it."""

    def __init__(self):
        self.fingerprints, self.gradebook = {}, {}

    def texts(self, record, shares):
        name = record.get("user") or record["username"]
        if "section_breakdown" in record:
            self.gradebook[name] = any(section["attempted"] for section in record["section_breakdown"])
            return
        account = hmac.digest(b"a key of 32 bytes for the bench.", name.encode(), "sha256").hex()[:32]
        course = record["course_id"]
        if "percent" in record:
            kind, data = "learning.progressed", {"course": course, "day": "2023-09-22", "percent": record["percent"]}
        else:
            kind, data = "enrollment.created", {"course": course, "mode": record["mode"]}
        entity = f"{kind}:daotao:{course}:{account}"
        fingerprint = hashlib.sha256(orjson.dumps(data)).digest()[:8]
        if self.fingerprints.get(entity) == fingerprint:
            return
        self.fingerprints[entity] = fingerprint
        revision = str(time.time_ns() // 1000)
        yield shares[0], orjson.dumps({
            "specversion": "1.0", "id": hashlib.sha256(f"daotao|{entity}|{revision}".encode()).hexdigest()[:32], "source": "daotao",
            "type": kind, "subject": f"account@daotao:{account}", "time": record.get("created", "2023-09-22T08:15:30.123456Z"),
            "datacontenttype": "application/json", "entity": entity, "revision": revision, "previous": "0", "data": data})
        yield shares[1], orjson.dumps({"t": kind, "s": "daotao", "j": f"account@daotao:{account}", "r": revision,
                                       "f": fingerprint.hex(), "d": data})


class Outbox:
    def __init__(self, maker, brokers, shares):
        self.producer = Producer({
            "bootstrap.servers": brokers, "transactional.id": "python-walk", "compression.type": "lz4", "linger.ms": 1,
            "batch.size": 1000000, "partitioner": "murmur2", "acks": "all", "queue.buffering.max.messages": 10000000})
        self.producer.init_transactions(30)
        self.maker, self.shares, self.lines, self.pad_at = maker, [Share(share) for share in shares], [], 0
        self.thread, self.committing, self.turn = ThreadPoolExecutor(1), None, asyncio.Lock()
        self.records = self.bytes = self.transactions = 0

    def pad(self, page, length):
        """Text of the page, another piece each time."""
        if self.pad_at + length > len(page):
            self.pad_at = 0
        self.pad_at += length
        return page[self.pad_at - length:self.pad_at]

    def add(self, record, page):
        for share, text in self.maker.texts(record, self.shares):
            key, value = share.sizes()
            self.lines.append((share, self.pad(page, key), text[:value] + self.pad(page, max(0, value - len(text)))))

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
    at = next(i for i, word in enumerate(arguments) if word in ("--events", "--produce"))
    maker = Events() if arguments[at] == "--events" else Again()
    paths, outbox, done = list(arguments[:at]), Outbox(maker, arguments[at + 1], arguments[at + 2:]), {"records": 0}
    began = time.monotonic()
    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(walk(session, base, paths, outbox, done) for _ in range(LISTS)))
        await outbox.close()
    print(json.dumps(done | {"seconds": time.monotonic() - began, "written_records": outbox.records,
                             "written_bytes": outbox.bytes, "transactions": outbox.transactions}))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
