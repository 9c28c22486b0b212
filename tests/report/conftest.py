"""A headless Chromium that opens the report from a file, and the page under test in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from opened import Page
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

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


def _found(names: tuple[str, ...], what: str) -> str:
    for name in names:
        if path := shutil.which(name):
            return path
    pytest.fail(f"The report's tests need {what}, and none of {', '.join(names)} is on the PATH. Install it.")


def browser(profile: Path) -> webdriver.Chrome:
    """A browser with a profile of its own."""
    options = Options()
    options.binary_location = _found(BROWSERS, "Chromium")
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    service = Service(_found(("chromedriver",), "chromedriver"))
    return webdriver.Chrome(options=options, service=service)


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """One browser for all tests."""
    opened = browser(tmp_path_factory.mktemp("profile"))
    yield opened
    opened.quit()


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
