import pytest

from dashboard.exports.svg import MOST_BYTES, Size, UnsafeSvgError, checked

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="20" height="10.5">'


def test_a_drawing_of_its_own_parts_and_pixels_passes() -> None:
    inner = (
        '<defs><clipPath id="c"><rect width="5" height="5"/></clipPath></defs><g clip-path="url(#c)">'
        "<text style=\"font-family: 'DejaVu Sans'; fill: rgb(1, 2, 3)\">\u22123 %</text></g>"
        '<use xlink:href="#c"/><image href="data:image/png;base64,iVBORw0KGgo="/>'
    )
    assert checked(f"{HEAD}{inner}</svg>") == Size(width=20, height=10.5)


@pytest.mark.parametrize(
    "inner",
    [
        '<image href="file:///etc/passwd"/>',
        '<image href="secret.png"/>',
        '<image xlink:href="https://example.org/a.png"/>',
        '<image href="//example.org/a.png"/>',
        '<image href="data:image/svg+xml;base64,PHN2Zz4="/>',
        '<use href="other.svg#a"/>',
        '<a href="javascript:alert(1)"><text>x</text></a>',
        '<rect fill="url(https://example.org/#a)"/>',
        "<rect style=\"fill: URL( '/etc/passwd' )\"/>",
        '<rect style="fill: u\\72l(/etc/passwd)"/>',
        "<style>@import 'https://example.org/a.css';</style>",
        "<style>text { src: url(file:///etc/passwd) }</style>",
        "<script>1</script>",
        '<rect onload="1"/>',
        "<foreignObject/>",
        '<rect><animate attributeName="href" to="/etc/passwd"/></rect>',
        '<?xml-stylesheet href="/etc/passwd"?>',
        "<g>",
    ],
)
def test_what_leads_out_of_the_drawing_is_refused(inner: str) -> None:
    with pytest.raises(UnsafeSvgError):
        checked(f"{HEAD}{inner}</svg>")


@pytest.mark.parametrize(
    "text",
    [
        f'<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/passwd">]>{HEAD}<text>&e;</text></svg>',
        '<html width="20" height="10"/>',
        '<svg width="20"/>',
        '<svg width="1e9" height="10"/>',
        '<svg width="100%" height="10"/>',
        "",
        f"{HEAD}<text>{'x' * MOST_BYTES}</text></svg>",
    ],
    ids=["doctype", "html", "no height", "huge", "relative", "empty", "large"],
)
def test_what_is_no_drawing_of_a_known_size_is_refused(text: str) -> None:
    with pytest.raises(UnsafeSvgError):
        checked(text)
