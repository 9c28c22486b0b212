"""The two pictures of the report in the README: `make pictures` takes them, and a test says when they are stale.

Taken of `sample_data` in a headless Chromium. Beside them lies what they were taken of, as digests: of what the report
says where the picture looks, and of the templates and the style that set it. Fonts and browsers differ from machine to
machine, so the pixels themselves are not compared.
"""

from __future__ import annotations

import base64
import hashlib
import sys
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "pictures"
TAKEN_OF = FOLDER / "taken_of.txt"
DOCUMENT = "harrowmere-courier/2023-03-14-saltmarsh-reeds.txt"
WIDTH, HEIGHT = 1280, 920
#: For each picture what follows the page's address.
ADDRESSES = {"report": "", "article": f"#doc={DOCUMENT.replace('/', '%2F')}"}
SET_BY = ("assets/report.css", *(f"templates/{name}.html" for name in ("verdict", "glance", "gates", "article_parts")))


def report_of(run: Any):
    """The value of the sample's report."""
    from corpusqa.report import model, writing

    texts = lambda keys: writing.read_texts(run, keys)  # noqa: E731
    return model.build(run, run.manifest, run.validation, texts)


def digests(report: Any) -> dict[str, str]:
    """For each picture a digest of what it shows."""
    from corpusqa.report.payloads import compact

    style = "".join(files("corpusqa.report").joinpath(name).read_text(encoding="utf-8") for name in SET_BY)
    article = next(own for own in report.articles if own.document.label == DOCUMENT)
    shown = {"report": [report.verdict, report.glance, report.gates], "article": article}
    return {name: hashlib.sha256((style + compact(own)).encode()).hexdigest()[:16] for name, own in shown.items()}


def taken_of() -> dict[str, str]:
    """The digests that the pictures were taken with."""
    return dict(line.split() for line in TAKEN_OF.read_text(encoding="utf-8").splitlines())


def take(driver: Any, page: Path) -> None:
    """Both pictures of this report."""
    from opened import Page

    shown = Page(driver, page.absolute().as_uri())
    shown.size(WIDTH, HEIGHT)
    shown.media()
    for name, address in ADDRESSES.items():
        shown.open(address)
        shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": False})
        (FOLDER / f"{name}.png").write_bytes(base64.b64decode(shot["data"]))


def main() -> None:
    """Audit the sample, take the pictures, note what of."""
    from conftest import browser

    import corpusqa
    from corpusqa import config

    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        run = corpusqa.audit(ROOT / "sample_data", Path(folder) / "run", settings=config.Settings(), workers=1)
        driver = browser(Path(folder) / "profile")
        try:
            take(driver, run.path / "report.html")
        finally:
            driver.quit()
        lines = [f"{name} {digest}" for name, digest in digests(report_of(run)).items()]
    TAKEN_OF.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
