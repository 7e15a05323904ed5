"""A trainer's screen of 1280 px in the admin: forms filled as a person fills them."""

from typing import Any

from tests.journeys.phone import Phone


class Desk(Phone):
    """One browser profile at a desk."""

    width, height, by_touch = 1280, 900, False

    def settle(self) -> None:
        """The editor's scripts have made its forms."""
        self.page.wait_for_load_state("networkidle")

    def below(self, *titles: str) -> None:
        """From the catalogue of courses down the tree of pages to the one of the last title."""
        self.open("/admin/pages/")
        for title in titles:
            link = self.page.locator("#listing-results").get_by_role("link", name=title, exact=True).first
            key = (link.get_attribute("href") or "").split("/")[3]
            self.open(f"/admin/pages/{key}/")

    def add(self, model: str) -> None:
        """The empty form of a page of this kind, below the page at hand."""
        key = self.page.url.rstrip("/").split("/")[-1]
        self.open(f"/admin/pages/add/lms/{model}/{key}/")
        self.settle()

    def fill(self, **fields: str) -> None:
        """By the names of the fields, __ for -. A title is typed: the editor's script makes the address of it."""
        for name, value in fields.items():
            field = self.page.locator(f"[name='{name.replace('__', '-')}']")
            if name == "title":
                field.press_sequentially(value)
                field.press("Tab")
            else:
                field.fill(value)

    def block(self, field: str, kind: str) -> Any:
        """One more block of a kind at the end of a stream; returns it."""
        stream = self.page.locator(f"[data-contentpath='{field}']").first
        stream.locator(".c-sf-add-button").last.click()
        self.page.get_by_role("option", name=kind, exact=True).click()
        return stream.locator("[data-streamfield-stream-container]").first.locator("> [data-streamfield-child]").last

    def write(self, inside: Any, text: str) -> None:
        """Into a rich text."""
        inside.locator(".public-DraftEditor-content").last.click()
        self.page.keyboard.type(text)

    def send(self, action: str) -> None:
        """By the button at the foot of the form that has this name."""
        self.press_at_foot(f"button[name='{action}']")

    def press_at_foot(self, selector: str) -> None:
        """One of the buttons at the foot of the form, or in the menu there."""
        footer = self.page.locator("footer")
        button = footer.locator(selector).first
        if not button.is_visible():
            footer.locator("[data-w-dropdown-target='toggle']").first.click()
        with self.page.expect_navigation():
            button.click()
        self.settle()
