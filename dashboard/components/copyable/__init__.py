"""A text to take along, such as an id, with a button that copies it."""

from dashboard.components.load import load

_HTML = '<div class="copyable"><span class="label"></span> <code></code> <button type="button"></button></div>'


def copyable(label: str, text: str, *, key: str, note: str) -> None:
    """Draws the text behind its label, and the button.

    Args:
        label: What it is, plain text.
        text: What is copied.
        key: Of the widget, one on a page.
        note: What the button says under the pointer, plain text.
    """
    load(__name__, html=_HTML)(key=key, data={"label": label, "text": text, "note": note})
