"""A phone of 360 × 740 with Chromium that looks at every page it opens: width, other hosts, accessibility, weight."""

from collections import defaultdict
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Request, Response


class Phone:
    """One browser profile with one page on one site."""

    width, height, by_touch = 360, 740, True

    def __init__(self, browser: Browser, site_url: str, *, scripts: bool = True, state: Any = None) -> None:
        self.site_url = site_url
        self.scripts = scripts
        self.elsewhere: set[str] = set()
        self.broken: list[tuple[int, str]] = []
        self.seen: list[str] = []
        self.context = browser.new_context(
            viewport={"width": self.width, "height": self.height},
            locale="vi-VN",
            has_touch=True,
            is_mobile=self.by_touch,
            java_script_enabled=scripts,
            storage_state=state,
        )
        self.context.set_default_timeout(60_000)
        self.page: Page = self.context.new_page()
        self.page.on("request", self._requested)
        self.page.on("response", self._answered)
        self.wire = Wire(self.page)

    def open(self, path: str) -> None:
        """Go to a page and look at it."""
        self.page.goto(self.site_url + path)
        self.look()

    def press(self, name: str, *, inside: Any = None, role: str = "button") -> None:
        """Press a button or a link by its words and look at the page it leads to."""
        target = (inside or self.page).get_by_role(role, name=name, exact=True)
        with self.page.expect_event("load"):  # a script may change the part behind # before the page comes anew
            target.tap()
        self.look()

    def agree(self) -> None:
        """At the first sign-in there is a page about one's data; go on from it."""
        if urlsplit(self.page.url).path == "/accounts/consent/":
            self.press("Tôi đã đọc và đồng ý")

    def look(self) -> None:
        """No page is wider than the screen."""
        self.page.wait_for_load_state("load")
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.width, f"{self.page.url} is {wide} px wide"
        self.seen.append(urlsplit(self.page.url).path)

    def check_accessibility(self) -> None:
        """axe finds nothing on the page."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page)
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"

    def close(self) -> None:
        """End it; nothing was asked of other hosts, and nothing was missing."""
        self.context.close()
        assert self.elsewhere == set()
        assert self.broken == []

    def _requested(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and f"{parts.scheme}://{parts.netloc}" != self.site_url:
            self.elsewhere.add(request.url)

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.broken.append((response.status, response.url))


class Wire:
    """Bytes on the wire, headers included, as Chromium counts them; pictures of the content apart."""

    def __init__(self, page: Page) -> None:
        self._urls: dict[str, str] = {}
        self.bytes: dict[str, int] = defaultdict(int)
        self._cdp = page.context.new_cdp_session(page)
        self._cdp.on("Network.requestWillBeSent", self._sent)
        self._cdp.on("Network.loadingFinished", self._finished)
        self._cdp.send("Network.enable")

    def forget_cache(self) -> None:
        """As on the first visit."""
        self._cdp.send("Network.clearBrowserCache")

    def weigh(self, page: Page, url: str) -> int:
        """Open a page and say how many bytes came, without its media."""
        page.goto("about:blank")
        self.bytes.clear()
        page.goto(url)
        page.wait_for_load_state("networkidle")
        return sum(size for loaded, size in self.bytes.items() if "/media/" not in loaded)

    def _sent(self, event: dict[str, Any]) -> None:
        self._urls[event["requestId"]] = event["request"]["url"]

    def _finished(self, event: dict[str, Any]) -> None:
        self.bytes[self._urls.get(event["requestId"], "?")] += int(event["encodedDataLength"])
