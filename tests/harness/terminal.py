"""A command typed at a terminal, as a person does."""
import os
import pty
import select
import termios
import time
from collections import namedtuple

Typed = namedtuple("Typed", "shown code echoes")  # echoes: the terminal shows again what is typed


def typed(command, *steps, seconds=20):
    """Runs it at a terminal of its own. Steps: (what is waited for, what is typed then)."""
    pid, terminal = pty.fork()
    if pid == 0:
        for name in [n for n in os.environ if n.startswith("MOOC_")]:
            del os.environ[name]
        os.execv(command[0], [str(word) for word in command])
    shown, deadline, left = b"", time.monotonic() + seconds, list(steps)
    try:
        while time.monotonic() < deadline:
            if left and left[0][0] in shown.decode(errors="replace"):
                os.write(terminal, left.pop(0)[1])
            if select.select([terminal], [], [], 0.1)[0]:
                shown += os.read(terminal, 4096)
    except OSError:  # it has ended
        pass
    echoes = bool(termios.tcgetattr(terminal)[3] & termios.ECHO)
    os.close(terminal)
    return Typed(shown.decode(errors="replace"), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), echoes)
