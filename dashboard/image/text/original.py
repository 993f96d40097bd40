"""The original file, or why it is not shown, in words."""

from dashboard.words import plain


def no_original(why: str, detail: str, *, dataset: str, site: str, reader: str) -> str:
    """Why an original file is not shown, and the one thing to do.

    Args:
        why: As `originals.Absent` says it.
        detail: Why it was refused, plain text.
        dataset: Its name in the run.
        site: The dataset as pages name it.
        reader: The kind of dataset.
    """
    told = f"SECOND_SITE_DATA={_code(dataset if reader == 'table' else reader)}=DIR"
    place = "the table's file with its path" if reader == "table" else "their folder"
    name = plain(site)
    if why == "folder":
        return (
            f"The original files of {name} are not on this machine, or nobody told where. "
            f"Start the dashboard with `{told}`, DIR being {place}."
        )
    if why == "file":
        return (
            f"The original of this image is not in the folder of {name}. If the files were moved, start the dashboard "
            f"with `{told}`, DIR being {place}."
        )
    return f"The original of this image cannot be shown. {plain(detail)}"


def original_size(width: int, height: int, *, shown: tuple[int, int]) -> str:
    """How large an original is, and how large it is shown."""
    reduced = "" if shown == (width, height) else f", shown at {shown[0]:,} x {shown[1]:,} px"
    return (
        f"The original file, {width:,} x {height:,} px{reduced}, before the model's pipeline made it a small square. "
        "Level and window are in its own values."
    )


def _code(name: str) -> str:
    """A name between backticks, with nothing in it that could end them."""
    return "".join(letter for letter in name if letter.isalnum() or letter in "_-") or "NAME"
