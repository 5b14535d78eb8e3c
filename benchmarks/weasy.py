"""The peer: WeasyPrint on the words and pictures of our print page."""

from __future__ import annotations

import base64

from bs4 import BeautifulSoup
from flask import Flask

from app.catalogue.picture_store import picture_of
from benchmarks.clinic import Clinic

VERSION = "70.0"
STYLE = """
@page { size: letter; margin: 11mm 15mm 19mm; @bottom-left { content: "Pia" }
        @bottom-right { content: "Page " counter(page) " of " counter(pages) } }
body { font: 12pt/1.15 sans-serif } h1 { font-size: 22pt } h2 { font-size: 14.5pt }
article { break-inside: avoid; border-bottom: 1px solid } .steps { display: flex; gap: 4mm }
.step { flex: 1 } .step img { height: 21mm; width: auto } .icon { width: 5mm; height: 5mm }
.qr { width: 28mm } table { width: 100%; border-collapse: collapse } .hidden { display: none }
th, td { border: 1px solid; padding: 1mm } .tick { display: inline-block; width: 4mm;
height: 4mm; border: 1px solid }
"""
"""As little as makes the sheet look alike; the app's own style would cost the peer more."""


def as_html(app: Flask, clinic: Clinic) -> str:
    """The print page's sheet, its pictures inside it."""
    client = app.test_client(use_cookies=False)
    said = client.get(f"{clinic.plan_path}/print", headers={"Cookie": clinic.patient_cookie})
    sheet = BeautifulSoup(said.get_data(as_text=True), "lxml").select_one(".sheet")
    if sheet is None:
        raise LookupError("the print page has no sheet")
    for image in sheet.select("img"):
        media_type, content = picture_of(str(image["src"]).rsplit("/", 1)[1]) or ("", b"")
        image["src"] = f"data:{media_type};base64,{base64.b64encode(content).decode()}"
    return f"<html lang=en><title>Healthy upper back</title><body>{sheet}</body></html>"


def make_pdf(html: str, patient: str) -> bytes:
    """Tagged, too. ``patient`` makes it another document."""
    import weasyprint

    page = weasyprint.HTML(string=html.replace("Pia", patient))
    style = weasyprint.CSS(string=STYLE)
    made: bytes = page.write_pdf(stylesheets=[style], pdf_variant="pdf/ua-1")
    return made
