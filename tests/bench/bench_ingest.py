"""Ingest: the first sweep and the unchanged re-sweep, each next to bare loops that read the same pages and write as much.

Several rounds, each with topics of its own: ours first, so that the baselines know how much is to be written. A shared machine is
noisy; the figures are medians over the rounds, the ratios medians of the rounds' ratios.
"""
import json
import resource
import statistics
import subprocess
import sys
import time
import urllib.request

from confluent_kafka import Consumer, TopicPartition

import pages
from figures import cpu_seconds, memory_budget, peak_rss, say
from harness.stack import ROOT, Stack, wait_for

EVERY = "100ms"  # less than a re-sweep takes: one follows the other
WARM = 2  # re-sweeps after a start until records are recalled and every account was asked about
STREAMS = {"e": "enrollments", "g": "grades"}


class Pages:
    def __init__(self, folder, courses, learners):
        self.port_file = folder / "pages.port"
        self.port_file.unlink(missing_ok=True)
        self.process = subprocess.Popen([sys.executable, ROOT / "tests/bench/pages.py", "--courses", str(courses),
                                         "--learners", str(learners), "--port-file", self.port_file])
        wait_for(lambda: self.port_file.exists() and self.port_file.read_text(), 120, "the pages are ready")
        self.url = f"http://127.0.0.1:{self.port_file.read_text()}"
        names = [pages.course_id(c) for c in range(courses)]
        self.paths = [path for name in names for path in (
            f"{pages.ENROLLMENTS}?course_id={name.replace('+', '%2B')}", f"{pages.GRADES}{name}/", f"{pages.GRADEBOOK}{name}/")]

    def asked(self, since=0):
        """Times of first pages as {(kind, course): [time]}, number of other questions, CPU seconds of the server."""
        answer = json.loads(urllib.request.urlopen(self.url + "/_bench/asked").read())
        times = {}
        for kind, course, at in answer["first_pages"]:
            if at >= since:
                times.setdefault((kind, course), []).append(at)
        return times, answer["others"], answer["cpu_seconds"]

    def close(self):
        self.process.terminate()
        self.process.wait()


class Topic:
    """What stands in a topic: records, bytes of keys, bytes of values; how many are no marks, and when the marks were appended."""

    def __init__(self, stack, topic):
        consumer = Consumer({"bootstrap.servers": stack.brokers, "group.id": "bench", "enable.auto.commit": False,
                             "isolation.level": "read_committed", "enable.partition.eof": True, "fetch.max.bytes": 104857600})
        ends = stack.partitions[topic]
        consumer.assign([TopicPartition(stack.topics[topic], p, 0) for p in range(ends)])
        self.records = self.keys = self.values = self.facts = 0
        self.marks = {}
        while ends > 0:
            for message in consumer.consume(10000, 1):
                if message.error():
                    ends -= 1
                    continue
                value = message.value() or b""
                self.records += 1
                self.keys += len(message.key() or b"")
                self.values += len(value)
                if b'"type":"source.swept"' not in value:
                    self.facts += 1
                else:
                    data = json.loads(value)["data"]
                    self.marks.setdefault((data["stream"], data.get("substream", "")), {}).setdefault(
                        data["partition"], []).append(message.timestamp()[1] / 1000)
        consumer.close()

    def written(self):
        return self.records, self.keys, self.values

    def swept(self, stream, course):
        """When each sweep's last mark was appended, oldest first."""
        return [max(times) for times in zip(*self.marks.get((stream, course), {}).values())]


def sweep(events, asked, courses, which):
    """(begin, end) of the which-th sweep: from its first request to its last mark in the log. A head scan asks for the first page
    too, so a list's sweep began at the last such request before its mark."""
    begins, ends = [], []
    for kind, stream in STREAMS.items():
        for name in map(pages.course_id, range(courses)):
            ends.append(events.swept(stream, name)[which])
            begins.append(max(at for at in asked[kind, name] if at < ends[-1]))
    return min(begins), max(ends)


def first_sweep_over(ingest):
    metrics = ingest.metrics()
    return all(metrics.get(f'mooc_ingest_complete_through_seconds{{source="daotao",stream="{stream}"}}', 0) > 0
               for stream in STREAMS.values())


def total(ingest, metric):
    """Over the shards."""
    return sum(value for name, value in ingest.metrics().items() if name.startswith(f"mooc_ingest_{metric}{{"))


def make_ingest(stack, server, courses, sweep_every, name="ingest"):
    return stack.make_ingest([stack.openedx_source(
        server.url, sweep_every=sweep_every, head_every="10m", certificates_every="10h", accounts_every="10h",
        requests_per_minute=600000, max_concurrent=4, courses=[pages.course_id(c) for c in range(courses)])], name)


def cpu_after(ingest, unchanged):
    """CPU seconds of the process once so many records were seen again without a difference."""
    wait_for(lambda: total(ingest, "unchanged_total") >= unchanged, 300, "re-sweeps are done", every=0.5)
    return cpu_seconds(ingest)


class Ours:
    """Sweeps by mooc-ingest: seconds of the first and of an unchanged one, what the first wrote, peak memory."""

    def __init__(self, stack, server, courses, resweeps):
        began = time.time()
        ingest = make_ingest(stack, server, courses, "1h").start()
        wait_for(lambda: first_sweep_over(ingest), 300, "the first sweep is done", every=0.5)
        time.sleep(1.5)  # until the counters are told again
        self.commits, self.entities, self.rss = total(ingest, "commits_total"), total(ingest, "entities"), peak_rss(ingest)
        self.cpu = cpu_seconds(ingest)
        ingest.stop(30)
        events = Topic(stack, "events")
        begin, end = sweep(events, server.asked(began)[0], courses, 0)
        self.first = end - begin
        self.written = {"events": events.written(), "state": Topic(stack, "state").written()}
        again = make_ingest(stack, server, courses, EVERY, "again").start()
        cpu = [cpu_after(again, sweeps * self.entities) for sweeps in (WARM, WARM + resweeps)]
        self.resweep_cpu = (cpu[1] - cpu[0]) / resweeps
        self.rss = max(self.rss, peak_rss(again))
        again.stop(30)
        facts, events, (asked, *_) = events.facts, Topic(stack, "events"), server.asked(began)
        assert events.facts == facts, f"the re-sweeps published {events.facts - facts} events besides their marks"
        # one after the other: from the end of one to the end of the next
        ends = [sweep(events, asked, courses, WARM + number)[1] for number in range(resweeps + 1)]
        self.again = (ends[-1] - ends[0]) / resweeps

    def records(self):
        return sum(records for records, *_ in self.written.values())

    def bytes(self):
        return sum(key + value for _, key, value in self.written.values())


def shares(stack, ours, read):
    """What the baselines shall write for each record they read: TOPIC:PARTITION:RECORDS:KEY:VALUE."""
    for topic, (records, keys, values) in ours.written.items():
        partition = -1 if topic == "events" else 0
        yield f"{stack.topics[topic]}:{partition}:{records / read:.6f}:{keys / records:.3f}:{values / records:.3f}"


def run(program, server, *arguments):
    """What the baseline answers, and the CPU seconds it took."""
    before = cpu_of_children()
    done = subprocess.run([*program, server.url, *server.paths, *arguments], capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        raise AssertionError(f"{program}: {done.stderr}")
    return json.loads(done.stdout) | {"cpu": cpu_of_children() - before}


def cpu_of_children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def middle_run(*arguments):
    return sorted((run(*arguments) for _ in range(3)), key=lambda done: done["seconds"])[1]


def write_as_much(program, name, arguments, server, ours, read, mode="--produce"):
    """The baseline writes to topics of its own what ours wrote to its."""
    with Stack(arguments.folder / name, arguments.binaries, events=8, database=False) as stack:
        done = run(program, server, mode, stack.brokers, *shares(stack, ours, read))
    for written, what in ((done["written_records"], ours.records()), (done["written_bytes"], ours.bytes())):
        assert abs(written / what - 1) < 0.01, f"{name} wrote {written}, mooc-ingest {what}"
    return done


def one_round(arguments, server, number):
    """Figures of one round, by name."""
    plain, python = [arguments.binaries / "bench/plain_walk"], [sys.executable, ROOT / "tests/bench/python_walk.py"]
    before = server.asked()[2]
    alone = run(plain, server, "--fetch-only")
    share = (server.asked()[2] - before) / alone["seconds"]
    read = run(plain, server)["records"]
    with Stack(arguments.folder / f"ingest{number}", arguments.binaries, events=8, database=False) as stack:
        ours = Ours(stack, server, arguments.courses, arguments.resweeps)
    one_list, walk = (middle_run(plain, server, *mode) for mode in (["--one-list"], []))
    loop = write_as_much(plain, f"bare{number}", arguments, server, ours, read)
    script = write_as_much(python, f"script{number}", arguments, server, ours, read)
    maker = write_as_much(python, f"maker{number}", arguments, server, ours, read, "--events")
    seconds = {"server_alone": alone["seconds"], "first_sweep": ours.first, "bare_loop": loop["seconds"],
               "python_script": script["seconds"], "python_events": maker["seconds"], "resweep": ours.again,
               "bare_walk": one_list["seconds"], "bare_walk_four_lists": walk["seconds"]}
    writers = {"bare_loop": loop, "python_script": script, "python_events": maker}
    readers = {"server_alone": alone, "bare_walk": one_list, "bare_walk_four_lists": walk}
    return {f"{name}_records_per_second": read / took for name, took in seconds.items()} | {
        "read_records": read, "read_bytes": walk["bytes"], "server_cpu_share": share,
        "ingest_peak_rss_mib": ours.rss, "ingest_entities": ours.entities,
        "first_sweep_cpu_seconds": ours.cpu, "resweep_cpu_seconds": ours.resweep_cpu,
        "first_sweep_written": [ours.records(), ours.bytes(), ours.commits]} | {
        f"{name}_cpu_seconds": done["cpu"] for name, done in (writers | readers).items()} | {
        f"{name}_written": [done["written_records"], done["written_bytes"], done["transactions"]]
        for name, done in writers.items()}


RATIOS = {"first_sweep": ("bare_loop", "python_script", "python_events"), "resweep": ("bare_walk", "bare_walk_four_lists")}


def ratios(rates):
    return {f"{ours}_to_{baseline}": rates[f"{ours}_records_per_second"] / rates[f"{baseline}_records_per_second"]
            for ours, baselines in RATIOS.items() for baseline in baselines}


LABELS = {"server_alone": "the server alone, nothing parsed", "first_sweep": "mooc-ingest, first sweep",
          "bare_loop": "libcurl + cJSON + librdkafka", "python_script": "aiohttp + orjson + confluent-kafka",
          "python_events": "the same, making the events itself",
          "resweep": "mooc-ingest, unchanged re-sweep", "bare_walk": "libcurl + cJSON walk, a list at a time",
          "bare_walk_four_lists": "libcurl + cJSON walk, four lists at once"}


def tell(arguments, middle):
    records, size = middle["read_records"], middle["read_bytes"]
    say(f"ingest: {arguments.courses} courses, {records:,.0f} records of {size / records:.0f} B (enrollments, grades, gradebook), medians "
        f"of {arguments.rounds} rounds; the server took {middle['server_cpu_share']:.0%} of a core when alone")
    for name, label in LABELS.items():
        records, size, transactions = middle.get(f"{name}_written", (0, 0, 0))
        wrote = f"; wrote {records:,.0f} records, {size / 1e6:.1f} MB, {transactions:.0f} transactions" if records else ""
        say(f"    {label:<42} {middle[name + '_records_per_second']:>10,.0f} records/s, "
            f"{middle[name + '_cpu_seconds']:.2f} s of CPU{wrote}")


def judge(figures, middle):
    figures.judge("first sweep / libcurl + cJSON + transactional librdkafka loop", middle["first_sweep_to_bare_loop"], 0.7)
    figures.judge("first sweep / aiohttp + orjson + confluent-kafka script", middle["first_sweep_to_python_script"], 1.3)
    figures.judge("first sweep / the same, making the events itself", middle["first_sweep_to_python_events"], 1.3)
    figures.judge("first sweep, records/s", middle["first_sweep_records_per_second"], None, 200_000)
    figures.judge("unchanged re-sweep / libcurl + cJSON walk, a list at a time", middle["resweep_to_bare_walk"], 0.7)
    figures.judge("unchanged re-sweep / the same, four lists at once", middle["resweep_to_bare_walk_four_lists"])
    figures.judge("the server alone / libcurl + cJSON walk, four lists at once",
                  middle["server_alone_records_per_second"] / middle["bare_walk_four_lists_records_per_second"], 2)
    figures.judge(f"peak RSS with {middle['ingest_entities']:,.0f} entities", middle["ingest_peak_rss_mib"],
                  memory_budget(middle["ingest_entities"]), unit=" MiB", least=False)


def median(values):
    if isinstance(values[0], list):
        return [statistics.median(each) for each in zip(*values)]
    return statistics.median(values)


def bench_ingest(arguments, figures):
    server = Pages(arguments.folder, arguments.courses, arguments.per_course // pages.LISTS)
    try:
        rounds = [one_round(arguments, server, number) for number in range(arguments.rounds)]
    finally:
        server.close()
    each = [r | ratios(r) for r in rounds]
    middle = {name: median([r[name] for r in each]) for name in each[0]}
    best = ratios({name: max(r[name] for r in rounds) for name in rounds[0] if name.endswith("per_second")})
    figures.keep(**middle, ingest_rounds=each, ingest_ratios_of_the_best=best)
    tell(arguments, middle)
    for name in best:
        ours, baseline = name.split("_to_")
        cpu = statistics.median(r[f"{ours}_cpu_seconds"] / r[f"{baseline}_cpu_seconds"] for r in each)
        say(f"    {name:<34} by round {', '.join(f'{r[name]:.2f}' for r in each)}; best / best {best[name]:.2f}; CPU {cpu:.2f} of it")
    judge(figures, middle)
