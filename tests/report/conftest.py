"""A headless Chromium that opens the report from a file, and the page under test in it."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from corpusqa.report import page
from corpusqa.report.shapes import Report

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
)


class Page:
    """The report in the browser, with the few things that a person does to it."""

    def __init__(self, driver: webdriver.Chrome, url: str) -> None:
        self.driver = driver
        self.url = url

    def open(self, address: str = "") -> Page:
        """Load the page anew at this address and wait until its script is done."""
        self.driver.get("about:blank")
        self.driver.get(self.url + address)
        self.wait(lambda: self.run("return document.documentElement.dataset.ready") == "yes")
        return self

    def size(self, width: int, height: int = 900) -> None:
        """Set the size of the window's inside."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def media(self, theme: str = "light", medium: str = "screen") -> None:
        """What the system prefers, and what the page is set for; without motion, so that a click hits at once."""
        features = [
            {"name": "prefers-color-scheme", "value": theme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": medium, "features": features})

    def run(self, script: str, *arguments: Any) -> Any:
        """What a script in the page returns."""
        return self.driver.execute_script(script, *arguments)

    def one(self, selector: str) -> WebElement:
        """The first such element."""
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        """All such elements."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector: str) -> str:
        """What the element holds, shown or not."""
        return str(self.run("return document.querySelector(arguments[0]).textContent.trim()", selector))

    def click(self, selector: str) -> None:
        """Click it where it stands."""
        self.run("document.querySelector(arguments[0]).scrollIntoView({block: 'center'})", selector)
        self.one(selector).click()

    def choose(self, selector: str, value: str) -> None:
        """Pick an entry of a select."""
        script = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', {bubbles: true}));"
        self.run(script + "arguments[0].dispatchEvent(new Event('change', {bubbles: true}))", self.one(selector), value)

    def key(self, *keys: str) -> None:
        """Press keys, whatever has the focus."""
        for key in keys:
            self.driver.switch_to.active_element.send_keys(key)

    def wait(self, condition: Callable[[], Any], seconds: float = 20) -> None:
        """Until the condition holds."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "the page did not get there in time"
            time.sleep(0.02)

    def requests(self) -> list[str]:
        """The addresses that the page asked for, other than its own file."""
        found = []
        for entry in self.driver.get_log("performance"):
            event = json.loads(entry["message"])["message"]
            if event["method"] == "Network.requestWillBeSent":
                url = event["params"]["request"]["url"]
                if not url.startswith(("file:", "data:", "about:")):
                    found.append(url)
        return found

    def complaints(self) -> list[str]:
        """What the browser wrote to its console: errors, and what the content-security policy forbade."""
        return [entry["message"] for entry in self.driver.get_log("browser")]


def _found(names: tuple[str, ...], what: str) -> str:
    for name in names:
        if path := shutil.which(name):
            return path
    pytest.fail(f"The report's tests need {what}, and none of {', '.join(names)} is on the PATH. Install it.")


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """One browser for all tests, with a profile of its own."""
    options = Options()
    options.binary_location = _found(BROWSERS, "Chromium")
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    service = Service(_found(("chromedriver",), "chromedriver"))
    browser = webdriver.Chrome(options=options, service=service)
    yield browser
    browser.quit()


@pytest.fixture
def show(driver: webdriver.Chrome, tmp_path: Path) -> Iterator[Callable[[Report], Page]]:
    """A function that writes a report and opens it."""

    def opened(report: Report, address: str = "") -> Page:
        file = tmp_path / "report.html"
        page.write(report, file)
        shown = Page(driver, file.as_uri())
        shown.size(1400)
        shown.media()
        driver.get_log("performance")
        driver.get_log("browser")
        return shown.open(address)

    yield opened
    driver.execute_script("try { localStorage.clear() } catch {}")


ENTER, TAB = Keys.ENTER, Keys.TAB
