"""A fast server of ready answers in the shape of Open edX's lists, so that the client is what is measured.

    python tests/bench/pages.py --courses 20 --learners 8333 --port-file F

Answers are made once, whole, and only sent. GET /_bench/asked gives the times of the lists' first pages, how many other questions
were asked, and the server's own CPU seconds. Accounts and certificates know nobody: 404.
"""
import argparse
import asyncio
import json
import time
from urllib.parse import parse_qs, unquote, urlsplit

ENROLLMENTS, GRADES = "/api/enrollment/v1/enrollments", "/api/grades/v1/courses/"
GRADEBOOK = "/api/grades/v1/gradebook/"
LISTS = 3  # of a course


def course_id(course):
    return f"course-v1:BENCH+C{course:02d}+2023"


def enrollment(course, learner):
    return {"created": f"2023-08-{learner % 28 + 1:02d}T08:15:30.123456Z", "mode": "honor", "is_active": True,
            "user": f"learner_{learner:07d}", "course_id": course_id(course)}


def grade(course, learner):
    return {"username": f"learner_{learner:07d}", "email": "", "course_id": course_id(course), "passed": False,
            "percent": round((learner % 97 + 1) / 100, 2), "letter_grade": None}


def gradebook(course, learner):
    def section(label, score):
        return {"attempted": True, "category": label, "label": f"{label} {course:02d}", "module_id": f"block-v1:{label}",
                "percent": score / 20, "score_earned": score, "score_possible": 20, "subsection_name": label}
    return {"user_id": learner, "username": f"learner_{learner:07d}", "email": "",
            "percent": round((learner % 97 + 1) / 100, 2),
            "section_breakdown": [section("Homework", learner % 19), section("Final", learner % 17)]}


def pages(path, row, course, learners, size, base):
    chunks = [range(at, min(at + size, learners)) for at in range(0, learners, size)]
    for number, chunk in enumerate(chunks):
        following = f"{base}{path}{'&' if '?' in path else '?'}cursor={number + 1}" if number + 1 < len(chunks) else None
        yield json.dumps({"next": following, "previous": None, "results": [row(course, i) for i in chunk]},
                         separators=(",", ":")).encode()


def answer(body, status="200 OK"):
    return (f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body


NOBODY = answer(b"", "404 Not Found")
TOKEN = answer(json.dumps({"access_token": "t", "expires_in": 36000, "token_type": "JWT", "scope": "read"}).encode())


class Answers:
    def __init__(self, courses, learners, base):
        self.lists, self.known, self.times, self.others = {}, {}, [], 0
        for course in range(courses):
            name = course_id(course)
            of_name = f"{ENROLLMENTS}?course_id={name.replace('+', '%2B')}"
            for kind, path, row, size in (("e", of_name, enrollment, 100), ("g", f"{GRADES}{name}/", grade, 1000),
                                          ("b", f"{GRADEBOOK}{name}/", gradebook, 1000)):
                self.lists[kind, name] = [answer(page) for page in pages(path, row, course, learners, size, base)]

    def locate(self, target):
        """(list, page) of a request's target, or None."""
        parts = urlsplit(target)
        path, query = unquote(parts.path), parse_qs(parts.query)
        if path == ENROLLMENTS:
            name = "e", query.get("course_id", [""])[0]
        elif path.startswith(GRADES):
            name = "g", path[len(GRADES):-1]
        else:
            name = "b", path[len(GRADEBOOK):-1]
        return (name, int(query.get("cursor", ["0"])[0])) if name in self.lists else None

    def to(self, target):
        if target not in self.known:
            self.known[target] = self.locate(target)
        place = self.known[target]
        if place:
            if place[1] == 0:
                self.times.append((*place[0], time.time()))
            return self.lists[place[0]][place[1]]
        if target == "/oauth2/access_token":
            return TOKEN
        if target == "/_bench/asked":
            return answer(json.dumps({"first_pages": self.times, "others": self.others,
                                      "cpu_seconds": time.process_time()}).encode())
        self.others += 1
        return NOBODY


class Connection(asyncio.Protocol):
    def __init__(self, answers):
        self.answers, self.received, self.transport = answers, b"", None

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.received += data
        while True:
            head, end, rest = self.received.partition(b"\r\n\r\n")
            if not end:
                return
            length = 0
            if head.startswith(b"POST"):
                length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
            if len(rest) < length:
                return
            self.received = rest[length:]
            self.transport.write(self.answers.to(head.split(b" ", 2)[1].decode()))


async def serve(arguments):
    answers = None
    server = await asyncio.get_running_loop().create_server(lambda: Connection(answers), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    answers = Answers(arguments.courses, arguments.learners, f"http://127.0.0.1:{port}")
    with open(arguments.port_file, "w", encoding="ascii") as file:
        file.write(str(port))
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--courses", type=int, default=20)
    parser.add_argument("--learners", type=int, default=8333)
    parser.add_argument("--port-file", required=True)
    asyncio.run(serve(parser.parse_args()))
