"""The report in a browser, with the few things that a person does to it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import axe_core_python
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

ENTER, TAB = Keys.ENTER, Keys.TAB


class Page:
    """A page that is open."""

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
            ActionChains(self.driver).send_keys(key).perform()

    def wait(self, condition: Callable[[], Any], seconds: float = 20) -> None:
        """Until the condition holds."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "the page did not get there in time"
            time.sleep(0.02)

    def violations(self) -> list[tuple[str, list[str]]]:
        """What axe finds wrong with the page as it stands: the rule, and where."""
        self.run((Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8"))
        found = self.driver.execute_async_script("axe.run().then(arguments[0])")
        assert len(found["passes"]) > 20  # axe has looked
        return [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found["violations"]]

    def counts(self) -> dict[str, int]:
        """The numbers that stand in the page for a count of the run."""
        names = (
            "return [...document.querySelectorAll('[data-count]')].map((one) => [one.dataset.count, one.textContent])"
        )
        return {name: int(text.replace(",", "")) for name, text in self.run(names)}

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
