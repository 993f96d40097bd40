"""Pictures for the browser: what the network saw, from the cache's memory map or from the results file itself."""

import base64
import functools
import os
import re
from pathlib import Path

import numpy as np
import numpy.typing as npt
import streamlit as st

from cxr_core.images.cache_reader import CacheReader
from dashboard.results import pictures
from dashboard.results.database import RunKey
from dashboard.results.pictures import Picture

_A_FINGERPRINT = re.compile(r"[0-9A-Za-z_-]{1,64}")
_QUALITY = 88
_REMEMBERED = 4096


def cache_folder() -> Path:
    """The machine's image cache: ``SECOND_SITE_CACHE``, or ``cache`` in the working directory."""
    return Path(os.environ.get("SECOND_SITE_CACHE") or "cache").absolute()


def thumbnail(run: RunKey, picture: Picture, *, size_px: int) -> str | None:
    """An image as the network saw it, as a data URI.

    Args:
        run: The run that it belongs to.
        picture: The image.
        size_px: The largest side; one that is stored smaller stays as it is.

    Returns:
        A square, whatever the shape of the original; None if its pixels are neither in this machine's cache nor in the
        results file.
    """
    if picture.picture_hash is None:
        return None
    # A results file can come from a stranger: its fingerprint names a folder of the cache, and nothing else.
    fingerprint = picture.pipeline_fingerprint or ""
    known = _A_FINGERPRINT.fullmatch(fingerprint)
    pixels = _lookup(fingerprint).find(picture.picture_hash) if known else None
    if pixels is not None:
        return _encoded(str(cache_folder()), fingerprint, picture.picture_hash, size_px)
    stored = pictures.webp(run, picture.key)
    return None if stored is None else _data_uri(stored, kind="webp")


def png(pixels: bytes, *, height: int, width: int) -> str:
    """Gray pixels, ``height * width`` bytes, as a data URI."""
    return _data_uri(_compressed(np.frombuffer(pixels, np.uint8).reshape(height, width), ".png"), kind="png")


@functools.lru_cache(maxsize=_REMEMBERED)
def _encoded(
    cache: str,  # noqa: ARG001 (part of what is remembered)
    fingerprint: str,
    picture_hash: str,
    size_px: int,
) -> str | None:
    import cv2

    pixels = _lookup(fingerprint).find(picture_hash)
    if pixels is None:
        return None
    if max(pixels.shape) > size_px:
        pixels = np.asarray(cv2.resize(pixels, (size_px, size_px), interpolation=cv2.INTER_AREA), np.uint8)
    return _data_uri(_compressed(pixels, ".jpg"), kind="jpeg")


def _compressed(pixels: npt.NDArray[np.uint8], ending: str) -> bytes:
    import cv2

    settings = [cv2.IMWRITE_JPEG_QUALITY, _QUALITY] if ending == ".jpg" else []
    return bytes(cv2.imencode(ending, pixels, settings)[1])


def _data_uri(content: bytes, *, kind: str) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"


def _lookup(fingerprint: str) -> CacheReader:
    return _opened(str(cache_folder()), fingerprint)


@st.cache_resource(max_entries=4, show_spinner=False)
def _opened(cache: str, fingerprint: str) -> CacheReader:
    return CacheReader(Path(cache) / "images" / fingerprint)
