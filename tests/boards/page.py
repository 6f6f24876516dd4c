"""A board of Superset as Chromium shows it: what stands in its charts, and what they got to draw."""
import json
import re
import time
from decimal import Decimal

from playwright.sync_api import TimeoutError, sync_playwright

CHROMIUM = "/usr/bin/chromium"
HOLDER = ".dashboard-component-chart-holder:has(#CHART-{})"
# Read in the page at once: per chart what kind it is, its big number, its table by the ids of its header, whether it is empty or shows an error.
READ = """() => Object.fromEntries([...document.querySelectorAll('.dashboard-component-chart-holder:has([data-test-chart-id])')].map(h => {
    const text = e => e ? e.innerText.trim() : null;
    const headers = [...h.querySelectorAll('thead th')].map(t => t.id.replace(/^header-/, ''));
    return [h.querySelector('[id^=CHART-]').id.slice(6), {
        id: Number(h.querySelector('[data-test-chart-id]').dataset.testChartId),
        kind: h.querySelector('[data-test-viz-type]').dataset.testVizType,
        title: text(h.querySelector('.header-title')),
        big: text(h.querySelector('.header-line')),
        rows: [...h.querySelectorAll('tbody tr')].map(r => Object.fromEntries([...r.querySelectorAll('td')].map((d, i) => [headers[i], d.innerText.trim()]))),
        empty: h.innerText.includes('No results were returned'),
        error: text(h.querySelector('.ant-alert, [data-test=error-boundary]')),
        drawn: !h.querySelector('.loading, [data-test=loading-indicator]') && !!h.querySelector('.slice_container > div, .ant-empty'),
    }]; }))"""


class Browser:
    """Headless Chromium, logged in as the administrator. It reaches nothing but this Superset."""

    def __init__(self, base, password):
        self.base = base
        self.playwright = sync_playwright().start()
        self.chromium = self.playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        self.page = self.chromium.new_page(viewport={"width": 1500, "height": 4600}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
        self.page.route("**/*", lambda r: r.continue_() if r.request.url.startswith((base, "data:", "blob:")) else r.abort())
        self.answers, self.failures = {}, []
        self.page.on("response", self._answer)
        self._log_in(password)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.chromium.close()
        self.playwright.stop()

    def _log_in(self, password):
        """The form forgets what is typed before its script has taken over, so it is typed again."""
        for _ in range(5):
            self.page.goto(f"{self.base}/login/", wait_until="networkidle")
            self.page.wait_for_timeout(1000)
            self.page.fill("input#username, input[name=username]", "admin")
            self.page.fill("input#password, input[name=password]", password)
            self.page.keyboard.press("Enter")
            try:
                self.page.wait_for_url(lambda url: "/login" not in url, timeout=15_000)
                return
            except TimeoutError:
                self.said = self.page.locator("body").inner_text()
        raise AssertionError(f"no login: {self.said[-300:]}")

    def _answer(self, response):
        """Rows that a chart was given to draw, the last time it asked. The map still asks at an older address."""
        if "/api/v1/chart/data" not in response.url and "/explore_json" not in response.url:
            return
        if response.status != 200:
            self.failures.append(f"{response.status}: {response.text()[:500]}")
            return
        answer = response.json()
        if "result" in answer:
            asked, rows = response.request.post_data_json["form_data"], answer["result"][0]["data"]
        else:
            asked, rows = answer["form_data"], answer["data"]
        if "slice_id" in asked:
            self.answers[asked["slice_id"]] = rows

    def open(self, board, seconds=90):
        """Gives {chart: what READ says of it} once every chart is drawn and nothing is asked any more."""
        self.answers.clear()
        self.failures.clear()
        self.page.goto(f"{self.base}/superset/dashboard/mooc-{board}/", wait_until="domcontentloaded")
        return self.settled(seconds)

    def settled(self, seconds=90):
        deadline = time.monotonic() + seconds
        before = None
        while True:
            self.page.wait_for_timeout(1500)
            charts = self.page.evaluate(READ)
            if self.failures:
                raise AssertionError(f"a chart was refused: {self.failures}")
            if charts and charts == before and all(c["drawn"] for c in charts.values()):
                return charts
            if time.monotonic() > deadline:
                raise AssertionError(f"after {seconds} s not drawn: {[n for n, c in charts.items() if not c['drawn']] or 'nothing is there'}")
            before = charts

    def choose(self, filter_name, value):
        """In the bar of filters, as a person does."""
        box = self.page.locator(f"[data-test='form-item-value']:has([aria-label='{filter_name}']), .filter-item-wrapper:has-text('{filter_name}')").first
        box.locator("input[role=combobox]").click()
        self.page.keyboard.type(value)
        self.page.wait_for_timeout(1500)
        self.page.keyboard.press("Enter")
        self.page.keyboard.press("Escape")
        self.page.locator("[data-test='filter-bar__apply-button']").click()
        return self.settled()

    def screenshot(self, path):
        height = self.page.evaluate("document.querySelector('[data-test=grid-content], .grid-content').scrollHeight")
        size = self.page.viewport_size
        self.page.set_viewport_size({"width": size["width"], "height": height + 260})
        self.page.wait_for_timeout(1500)
        self.page.screenshot(path=path)
        self.page.set_viewport_size(size)


def printed(value):
    """As the page prints it: 2.103 and 77,4, times without seconds."""
    if value is None:
        return "N/A"
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal) and value == value.to_integral() and value.as_tuple().exponent == 0 or isinstance(value, int):
        return f"{int(value):,}".replace(",", ".")
    if isinstance(value, Decimal):
        return f"{value:,.1f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    return value.strftime("%H:%M %d/%m/%Y" if hasattr(value, "hour") else "%d/%m/%Y")


def charts_of(path):
    """{chart: (SQL, whether it is compared only about)} of figures.sql."""
    found = {}
    for part in re.split(r"(?m)^-- chart: ", path.read_text(encoding="utf-8"))[1:]:
        head, _, sql = part.partition("\n")
        name, *about = head.split()
        found[name] = (sql.strip().rstrip(";"), bool(about))
    return found


def plain(rows):
    return json.dumps(rows, ensure_ascii=False, sort_keys=True, default=str)
