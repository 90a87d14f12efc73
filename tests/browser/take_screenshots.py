"""Pictures of the pages of a running server, to be looked at before they are shown to anybody.

    python tests/browser/take_screenshots.py http://127.0.0.1:8000 FOLDER [NUMBER CODE]

Takes the board, the lists, the first urgent case, a search for items with the guide of the first, the campaigns, the
progress form and an error page, in Chinese and English, for a desk and a phone. With a case number and its query code
also the answer of the progress query. Needs playwright and the system's chromium.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import FloatRect, sync_playwright

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
SEARCHED = "开饭店"
"""How people say it, and no item is called."""
SHOWN = {"board": 820, "items": 820, "case": 1000}
"""The pages that the READMEs show, and how much of each."""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def main(url: str, folder: Path, number: str = "", code: str = "") -> None:
    """Take the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("EGOV_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for size, (width, height) in SIZES.items():
            for lang in ("zh", "en"):
                page = browser.new_page(viewport={"width": width, "height": height})
                page.goto(f"{url}/supervision?lang={lang}")
                case = page.locator(".urgent tbody th a, .list tbody th a").first.get_attribute("href")
                page.goto(f"{url}/items?q={SEARCHED}")
                guide = page.locator(".result a").first.get_attribute("href")
                addresses = {
                    "board": "/supervision",
                    "cards": "/supervision/cards?level=red",
                    "cases": "/supervision/cases",
                    "case": case,
                    "items": f"/items?q={SEARCHED}",
                    "guide": guide,
                    "campaigns": "/supervision/campaigns",
                    "progress": "/progress",
                    "not-found": "/nowhere",
                }
                for name, address in addresses.items():
                    page.goto(f"{url}{address}")
                    file = folder / f"{name}-{lang}-{size}.png"
                    if size == "desktop" and name in SHOWN:
                        clip = FloatRect(x=0, y=0, width=width, height=SHOWN[name])
                        page.screenshot(path=file, full_page=True, clip=clip)
                    else:
                        page.screenshot(path=file, full_page=size == "phone" or name == "guide")
                if number:
                    page.goto(f"{url}/progress")
                    page.fill("#number", number)
                    page.fill("#code", code)
                    page.click("main form button")
                    page.screenshot(path=folder / f"progress-result-{lang}-{size}.png", full_page=True)
                page.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:5])
