"""How figures are printed and kept: each with what it must reach and what it aims at."""
from pathlib import Path


def say(text):
    print(text, flush=True)


def peak_rss(service):
    """In MiB."""
    for line in Path(f"/proc/{service.process.pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


class Figures:
    def __init__(self):
        self.results, self.judged = {}, []

    def keep(self, **values):
        self.results |= values

    def judge(self, what, value, must=None, aim=None, unit="", least=True):
        """Prints a figure next to its bounds; least: it must be at least that."""
        def reached(bound):
            return bound is None or (value >= bound if least else value <= bound)
        sign = ">=" if least else "<="
        self.judged.append({"what": what, "value": value, "must": must, "aim": aim, "at_least": least,
                            "must_reached": reached(must), "aim_reached": reached(aim)})
        verdict = "MISS" if not reached(must) else "" if must is None and aim is None else "ok" if reached(aim) else "short"
        bounds = ", ".join(f"{name} {sign} {bound:,g}{unit}" for name, bound in (("must", must), ("aim", aim)) if bound is not None)
        say(f"  {verdict:<5} {what:<70} {value:>10{',.0f' if value >= 1000 else ',.2f'}}{unit}   {bounds}".rstrip())
