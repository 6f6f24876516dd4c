"""The shard while its broker stands still, dies and comes back: commits whose outcome nobody knows. A Kafka of its own, because the
others would not like it."""
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

import shard_log
from test_shard import Driver

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "b."


class Broker:
    def __init__(self, folder):
        self.folder = folder

    def script(self, action):
        subprocess.run([ROOT / "deploy/dev/kafka.sh", action], check=True, stdout=subprocess.DEVNULL,
                       env=os.environ | {"MOOC_RUN_DIR": str(self.folder)})

    @property
    def pid(self):
        return int((self.folder / "kafka/pid").read_text())

    @property
    def address(self):
        return "127.0.0.1:" + (self.folder / "kafka/ports").read_text().split()[0]

    def stand_still(self, seconds):
        os.kill(self.pid, signal.SIGSTOP)
        time.sleep(seconds)
        os.kill(self.pid, signal.SIGCONT)


@pytest.fixture
def broker():
    folder = Path(tempfile.mkdtemp(prefix="mooc-kafka-"))
    broker = Broker(folder)
    broker.script("start")
    try:
        subprocess.run([sys.executable, ROOT / "deploy/dev/topics.py", "--brokers", broker.address,
                        "--prefix", PREFIX, "--events", "3", "--state", "1", "--dead", "1"],
                       check=True)
        yield broker
    finally:
        broker.script("kill")
        shutil.rmtree(folder)


@pytest.mark.long
def test_broker_that_stands_still_or_dies(broker, tmp_path):
    seed, entities = 13, 1500
    moments = random.Random(seed)
    driver = Driver(broker.address, PREFIX, tmp_path, seed, entities, 1000000,
                    more=("500", "stay"))
    driver.wait_line("round 10")
    loads = 0
    for trouble in ("stands still", "dies", "dies", "dies", "stands still for long", "dies"):
        if trouble == "dies":
            broker.script("kill")
            time.sleep(moments.uniform(0, 3))
            broker.script("start")
        else:  # the longer one is more than a transaction lives
            broker.stand_still(25 if "long" in trouble else 3)
        loads += driver.wait_line(("ready", "round")).startswith("ready")
        lines = [driver.wait_line("round")]
        time.sleep(moments.uniform(0, 1))
    driver.process.send_signal(signal.SIGTERM)
    output = driver.finish(seconds=30)
    lines += [line for line in output.splitlines() if line.startswith("round")]
    turn = int(lines[-1].split()[1])
    turn = turn // 8 * 8 + 13  # some rounds on, well within a stretch of absences
    Driver(broker.address, PREFIX, tmp_path, seed, entities, turn + 1).finish()
    last = shard_log.check_chains(shard_log.events(broker.address, PREFIX))
    shard_log.check_truth(last, seed, entities, turn)
    aborted = len(shard_log.read(broker.address, f"{PREFIX}mooc.events.v1", "read_uncommitted")) - \
        len(shard_log.read(broker.address, f"{PREFIX}mooc.events.v1"))
    print(f"{turn} rounds; the state was read anew {loads + output.count('ready')} times; "
          f"{aborted} records of aborted transactions")


def test_stop_while_the_broker_stands_still(broker, tmp_path):
    driver = Driver(broker.address, PREFIX, tmp_path, 1, 1500, 10000)
    driver.wait_line("round 10")
    os.kill(broker.pid, signal.SIGSTOP)
    try:
        time.sleep(1)
        asked = time.monotonic()
        driver.process.send_signal(signal.SIGTERM)
        driver.process.wait(10)
        assert time.monotonic() - asked < 5
    finally:
        os.kill(broker.pid, signal.SIGCONT)
    driver.process.communicate()
    Driver(broker.address, PREFIX, tmp_path, 1, 1500, 48).finish()
    shard_log.check_chains(shard_log.events(broker.address, PREFIX))
