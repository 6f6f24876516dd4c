"""The archive is written back into an events topic: every record in its place, none twice, whatever ends the command on the way."""
import hashlib
import json
import random
import subprocess
import time

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic, OffsetSpec

from harness import hand_made
from harness.stack import wait_for

PARTITIONS = 4
RECORDS = 6000


def event(*words, **data):
    made = json.loads(hand_made.event(*words, **data))
    return json.dumps(made | {"id": hashlib.sha256(f"{made['entity']} {made['revision']}".encode()).hexdigest()[:32]}).encode()


def records(rng):
    """(partition, key, value) of learners' events, of others, and of what cannot be read."""
    for number in range(RECORDS):
        who = f"account@p1:{rng.randrange(300)}"
        if number % 97 == 0:
            yield rng.randrange(PARTITIONS), None, rng.choice((b"no event", b"\xff\xfe", b"", None))
        elif number % 50 == 0:
            partition = rng.randrange(PARTITIONS)
            entity = f"mark:{number}:{partition}"
            yield partition, entity, event("source.swept", entity, None, source="p1", stream="grades", substream="c1", partition=partition,
                                           through="2023-09-20T00:00:00Z", records=1, dead=0)
        else:
            yield int(who.split(":")[1]) % PARTITIONS, who, event("account.created", f"account:{who}", who, revision=number + 1,
                                                                  identifiers=[f"email:{who}"])


def content(brokers, topic):
    """[(key, value) …] of each partition."""
    consumer = Consumer({"bootstrap.servers": brokers, "group.id": "refilled", "enable.partition.eof": True})
    left = set(range(PARTITIONS))
    consumer.assign([TopicPartition(topic, p, OFFSET_BEGINNING) for p in left])
    found = {p: [] for p in left}
    while left:
        message = consumer.poll(20)
        assert message is not None
        if not message.error():
            found[message.partition()].append((message.key(), message.value()))
        else:
            assert message.error().code() == KafkaError._PARTITION_EOF, message.error()
            left.discard(message.partition())
    consumer.close()
    return found


class Topics:
    """Further topics of a stack, removed in the end."""

    def __init__(self, stack):
        self.stack, self.admin, self.names = stack, AdminClient({"bootstrap.servers": stack.brokers}), []

    def make(self, name, partitions=PARTITIONS, led=True):
        self.names.append(self.stack.prefix + name)
        self.admin.create_topics([NewTopic(self.names[-1], partitions, 1)])[self.names[-1]].result(30)
        wait_for(lambda: len(self.admin.list_topics(self.names[-1]).topics[self.names[-1]].partitions) == partitions, 30, "it is there")
        if led:
            wait_for(lambda: self.is_led(partitions), 30, "every partition has a leader that knows of it")
        return self.names[-1]

    def is_led(self, partitions):
        ends = self.admin.list_offsets({TopicPartition(self.names[-1], p): OffsetSpec.latest() for p in range(partitions)})
        return not any(end.exception(10) for end in ends.values())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for done in self.admin.delete_topics(self.names).values():
            done.result(30)


def refill(stack, topic, code=0):
    return stack.command("mooc-aggregator", "archive", "refill", "--events-topic", topic, "--reason", "the log was lost", code=code)


def test_the_log_comes_back_as_it_was(stack):
    stack.make_aggregator()
    # Idempotent: to a topic just made another one sends what was refused again, behind what was sent after it.
    producer = Producer({"bootstrap.servers": stack.brokers, "partitioner": "murmur2", "enable.idempotence": True})
    sent = {p: [] for p in range(PARTITIONS)}
    for partition, key, value in records(random.Random(7)):
        producer.produce(stack.topics["events"], value, key, partition)
        sent[partition].append((key.encode() if key else None, value))
    assert producer.flush(60) == 0
    stack.aggregator.start()
    wait_for(lambda: stack.query("SELECT count(*) FROM archive.events") == [(RECORDS,)], 60, "all is archived")
    # One is erased: nothing of them goes back, and the erasure does.
    gone = "account@p1:7"
    erased = event("learner.erased", "erased:7", None, key=hashlib.sha256(gone.encode()).hexdigest()[:32])
    producer.produce(stack.topics["events"], erased, "erased:7", 0)
    assert producer.flush(60) == 0
    sent[0].append((b"erased:7", erased))
    wait_for(lambda: stack.query("SELECT count(*) FROM archive.erasures") == [(1,)], 30, "the erasure is counted")
    stack.command("mooc-aggregator", "erase", "--finish")
    assert stack.aggregator.stop()[0] == 0
    wanted = {p: [(k, v) for k, v in rows if k != gone.encode()] for p, rows in sent.items()}
    count = sum(map(len, wanted.values()))
    assert 0 < len(sent[3]) - len(wanted[3]) < 100  # account 7's partition

    with Topics(stack) as topics:
        whole = topics.make("whole")
        said = refill(stack, whole)
        assert said.stdout == f"{count} records in {PARTITIONS} partitions of {whole}\n"
        assert content(stack.brokers, whole) == wanted
        assert refill(stack, whole).stdout == f"{count} records in {PARTITIONS} partitions of {whole} ({count} of them were there)\n"
        again = stack.command("mooc-aggregator", "archive", "refill", "--events-topic", whole, "--reason", "the log was lost", "--lang", "vi")
        assert again.stdout == f"{count} bản ghi trong {PARTITIONS} phần của {whole} (trong đó {count} đã có sẵn)\n"
        assert content(stack.brokers, whole) == wanted
        reasons = stack.query("SELECT reason, detail ->> 'records' FROM pulse.audit WHERE action = 'archive refill' ORDER BY entry")
        assert reasons == [("the log was lost", str(count))] * 3

        # Typed right after the topic was made, while some of its partitions have no leader yet that knows of it.
        for number in range(4):
            new = topics.make(f"new{number}", 40, led=False)
            assert f"{count} records in 40 partitions" in refill(stack, new).stdout

        # Killed at some moments, the same command goes on.
        killed = topics.make("killed")
        for after in (0.05, 0.12, 0.2, 0.3):
            process = subprocess.Popen([stack.binaries / "mooc-aggregator", "archive", "refill", "--events-topic", killed,
                                        "--config", stack.aggregator.config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(after)
            process.kill()
            process.wait()
        refill(stack, killed)
        assert content(stack.brokers, killed) == wanted

        # The beginning is there of an earlier call: a prefix of each partition.
        begun = topics.make("begun")
        for partition, rows in wanted.items():
            for key, value in rows[:400 * partition]:
                producer.produce(begun, value, key, partition)
        assert producer.flush(60) == 0
        assert f"({400 * 6} of them were there)" in refill(stack, begun).stdout
        assert content(stack.brokers, begun) == wanted

        # What is not the archive's stays as it is.
        other = topics.make("other")
        producer.produce(other, event("account.created", "account:x", "account@p9:x"), "account@p9:x", 2)
        assert producer.flush(60) == 0
        assert "holds other records than the archive (partition 2)" in refill(stack, other, code=1).stderr
        assert [len(rows) for rows in content(stack.brokers, other).values()] == [0, 0, 1, 0]
        producer.produce(whole, b"one more", None, 1)
        assert producer.flush(60) == 0
        assert "holds other records" in refill(stack, whole, code=1).stderr
        assert "has 2 partitions, the archive has number 2" in refill(stack, topics.make("small", 2), code=1).stderr
        stack.query("INSERT INTO archive.detached (month, partition, rows, erased, hash) VALUES ('2023-01-01', 0, 1, 0, 0)")
        assert "month 2023-01 is not in the archive: bring it back" in refill(stack, topics.make("lacking"), code=1).stderr
