import importlib.util
import io
from collections.abc import Iterator

import pytest
from PIL import Image
from pypdf import PdfReader

from dashboard.exports import pdf

FAMILY = "'DejaVu Sans', Verdana, sans-serif"
WORDS = "\u22123.0\u202f% \u2265 5\u2009\u00d7\u20097 \u25cf \u25c6 \u25cb \u2192 \u2713 \u2715"
DRAWING = (
    f'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="100"><g font-family="{FAMILY}">'
    f'<text x="9" y="30">{WORDS}</text><text x="9" y="60" font-weight="bold">bold</text></g></svg>'
)


@pytest.fixture
def forgotten() -> Iterator[None]:
    pdf.missing.cache_clear()
    yield
    pdf.missing.cache_clear()


def test_words_of_a_drawing_stay_words_with_every_sign_and_their_font_lies_within() -> None:
    page = PdfReader(io.BytesIO(pdf.from_svg(DRAWING, title="Recall \u2212 run demo"))).pages[0]
    assert [float(each) for each in page.mediabox] == [0, 0, 300, 75]
    assert "".join(page.extract_text().split()) == "".join(f"{WORDS}bold".split())
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert {str(font["/BaseFont"]).partition("+")[2] for font in fonts} == {"DejaVuSans", "DejaVuSans-Bold"}
    inner = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for font in fonts]
    assert all("/FontFile2" in each for each in inner)


def test_a_file_beside_the_drawing_is_never_read() -> None:
    with pytest.raises(pdf.CxrError):
        pdf.from_svg(DRAWING.replace("</svg>", '<image href="/etc/hostname"/></svg>'), title="")


def test_without_typst_it_says_what_to_type(monkeypatch: pytest.MonkeyPatch, forgotten: None) -> None:  # noqa: ARG001
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "typst" else found(name))
    assert pdf.missing() == "pip install typst matplotlib"
    with pytest.raises(pdf.PictureError, match="typst"):
        pdf.from_svg(DRAWING, title="")


def test_pixels_become_a_page_of_their_size_that_says_what_they_are_of() -> None:
    png = io.BytesIO()
    Image.new("RGB", (900, 600), "#fff").save(png, "PNG")
    read = PdfReader(io.BytesIO(pdf.from_png(png.getvalue(), title="Saliency, VinBigData (synthetic)")))
    assert read.metadata.title == "Saliency, VinBigData (synthetic)"
    assert [float(each) for each in read.pages[0].mediabox] == [0, 0, 216, 144]
    (image,) = read.pages[0].images
    assert image.image.size == (900, 600)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n"])
def test_other_bytes_are_no_picture(content: bytes) -> None:
    with pytest.raises(pdf.PictureError):
        pdf.from_png(content, title="")
