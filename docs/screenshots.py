"""``make screenshots``: the main pages of the demonstration, for the README and for comparing."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from app.seeding import DEMO_PASSWORD
from benchmarks.clinic import make_clinic
from benchmarks.measure import served
from tests.browser.chromium import launch

SHOTS = Path(__file__).with_name("shots")
PHONE = (390, 844)
DESK = (1280, 900)


def main() -> None:
    """Serve a new demonstration, sign in as its people and keep what they see."""
    SHOTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="homestretch-shots-") as folder:
        _app, clinic = make_clinic(Path(folder))
        with (
            served("app:create_app()", clinic.environ, "/health") as port,
            sync_playwright() as playwright,
        ):
            browser = launch(playwright, Path(folder))
            site = f"http://127.0.0.1:{port}"
            visitor = _open(browser, site, PHONE)
            _shoot(visitor, f"{site}/handouts/T680", "handout")
            patient = _open(browser, site, PHONE, "patient@example.org")
            _shoot(patient, f"{site}/today", "today")
            patient.click(".today-row")
            _shoot(patient, patient.url, "exercise")
            _shoot(patient, f"{site}{clinic.plan_path}/print", "print")
            therapist = _open(browser, site, DESK, "therapist@example.org")
            _shoot(therapist, f"{site}/patients", "patients")
            _shoot(therapist, f"{site}{clinic.draft_path}", "builder")
            admin = _open(browser, site, DESK, "admin@example.org")
            _shoot(admin, f"{site}/catalogue", "catalogue")
            browser.close()


def _open(browser: Browser, site: str, size: tuple[int, int], email: str = "") -> Page:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    if email:
        page.goto(f"{site}/sign-in")
        page.fill("[name=email]", email)
        page.fill("[name=password]", DEMO_PASSWORD)
        page.click("main button")
        page.wait_for_load_state()
    return page


def _shoot(page: Page, address: str, name: str) -> None:
    page.goto(address)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


if __name__ == "__main__":
    main()
