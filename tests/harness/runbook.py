"""The runbook's commands, read out of docs/operate.md and typed as they stand there.

A block to be played is fenced as ```sh runbook=PLAY/STEP, with `exit=N` if its last command is to end so, and `needs=PROGRAM:COMMAND`
if it is of a program that has that command. Names that an operator reads as examples (hosts, folders, topics) are replaced.
"""
import os
import re
import shlex
import subprocess
from collections import namedtuple
from pathlib import Path

from harness.stack import ROOT

PAGE = ROOT / "docs/operate.md"
FENCE = re.compile(r"^```sh runbook=([\w-]+/[\w-]+)((?: \w+=\S+)*)\n(.*?)^```$", re.M | re.S)
TOPIC = re.compile(r" (mooc\.(?:events|dead|state)\.v\d)")

Step = namedtuple("Step", "commands exit needs")


def read(page=PAGE):
    """{PLAY/STEP: Step} in the page's order."""
    steps = {}
    for name, more, body in FENCE.findall(page.read_text()):
        assert name not in steps, f"{name} is twice in {page.name}"
        said = dict(word.split("=", 1) for word in more.split())
        commands = [" ".join(line.split("#")[0].split()) for line in body.replace("\\\n", " ").splitlines()]
        steps[name] = Step([c for c in commands if c], int(said.pop("exit", 0)), said.pop("needs", None))
        assert steps[name].commands and not said, f"{name}: {said}"
    return steps


class Runbook:
    """Types the steps of one play, in its stack's folder."""

    def __init__(self, stack, play, **replaced):
        self.stack, self.play, self.steps = stack, play, {n: s for n, s in read().items() if n.startswith(play + "/")}
        self.services, self.typed, self.replaced = {}, [], replaced
        self.tools = stack.folder / "tools"
        self._make_tools()

    def _make_tools(self):
        """What an operator's machine has under other names, or in other places, than a test's."""
        libs = Path(os.environ["MOOC_PYTHON"]).parents[2] / "kafka/libs"
        self.tools.mkdir(exist_ok=True)
        (self.stack.folder / "schema").mkdir(exist_ok=True)
        classes = {"kafka-topics.sh": "org.apache.kafka.tools.TopicCommand", "kafka-configs.sh": "kafka.admin.ConfigCommand"}
        scripts = {name: f'exec java -cp "{libs}/*" {of} "$@"' for name, of in classes.items()}
        # The schema's changes were deployed in a template before; its copy takes a tenth of a second.
        scripts["sqitch"] = f'dropdb {self.stack.database} && exec {ROOT}/deploy/dev/schema.sh {self.stack.database} copy'
        for name, line in scripts.items():
            (self.tools / name).write_text(f"#!/bin/sh\n{line}\n")
            (self.tools / name).chmod(0o755)

    def _here(self, command):
        stack, user = self.stack, os.environ["PGUSER"]
        for old, new in self.replaced.items():
            command = command.replace(old, str(new))
        command = TOPIC.sub(rf" {stack.prefix}\1", command)
        command = re.sub(r"\bmooc(?=_yesterday|_lost|$|[ ;'\"])", stack.database, command)
        for old, new in (("db.example", os.environ["PGHOST"]), ("-U owner", f"-U {user}"), ("OWNER owner", f"OWNER {user}"),
                         ("kafka.example:9093", stack.brokers), (" --command-config admin.properties", ""),
                         ("/etc/mooc-pulse/reference", str(stack.folder / "reference")),
                         ("/srv/", f"{stack.folder}/")):
            command = command.replace(old, new)
        return command

    def _systemctl(self, command):
        what, name = command.split()[1:]
        service = self.services[name]
        if what == "stop":
            assert service.stop()[0] in (0, 1), name  # 1: it had ended by itself, for the reason in its log
        else:
            assert what == "start"
            service.start()
        return ""

    def _type(self, command, code):
        if command.startswith("systemctl "):
            return self._systemctl(command)
        environment = {k: v for k, v in os.environ.items() if not k.startswith("MOOC_") or k == "MOOC_RUN_DIR"}
        environment["PATH"] = f"{self.tools}:{self.stack.binaries}:{environment['PATH']}"
        done = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", self._here(command)], cwd=self.stack.folder, env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        said = done.stdout + done.stderr
        assert done.returncode == code, f"{self.play}: {command}\ntyped as {self._here(command)}\nexit {done.returncode}\n{said}"
        print(f"$ {command}\n{said}")
        return said

    def step(self, name, **replaced):
        """Types the step's commands; gives what they said."""
        step = self.steps[f"{self.play}/{name}"]
        self.replaced |= replaced
        self.typed.append(name)
        last = len(step.commands) - 1
        return "".join(self._type(command, step.exit if i == last else 0) for i, command in enumerate(step.commands))

    def lacks(self, name):
        """The command that the step needs and this build does not have; None: it has."""
        needs = self.steps[f"{self.play}/{name}"].needs
        if not needs:
            return None
        program, command = needs.replace("_", " ").split(":")
        page = subprocess.run([self.stack.binaries / program, "--help"], capture_output=True, text=True, check=True).stdout
        return None if re.search(rf"^  {command}\b", page, re.M) else f"{program} {command}"

    def done(self):
        """Every step of the play was typed, or left out because the build lacks its command."""
        left = [n for n in (name.split("/")[1] for name in self.steps) if n not in self.typed and not self.lacks(n)]
        assert left == [], f"{self.play}: never typed: {left}"


def check_words(page=PAGE):
    """Every program that the played blocks call is one that a test can call."""
    known = {"mooc-aggregator", "mooc-ingest", "systemctl", "psql", "pg_dump", "pg_restore", "kafka-topics.sh", "kafka-configs.sh", "shred",
             "/opt/mooc-pulse-next/bin/mooc-aggregator", "(cd"}
    for name, step in read(page).items():
        for command in step.commands:
            assert shlex.split(command)[0] in known, (name, command)
