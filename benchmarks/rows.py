"""Every row of the benchmarks: where it is measured, what is asked of it, and why it falls short where it does."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

PAGES = ("overview", "labels", "training", "performance", "confusion", "cases", "image", "saliency", "shift")
STAGES = ("cache", "predict", "write", "bootstrap", "score", "pages")
FLAT_MEMORY = ("cache", "predict", "write")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row.

    Attributes:
        name: As in benchmarks/results.json, snake case.
        module: The module of this folder that measures it.
        work: What is done, in a few words.
        least_ratio: The goal; None where there is none.
        most: The goal of a row without an opponent: `ours` at most, in its unit.
        is_long: Whether `make bench-long` measures it.
        why_missed: What stands between the result and the goal, where it is known.
    """

    name: str
    module: str
    work: str
    least_ratio: float | None = None
    most: float | None = None
    is_long: bool = False
    why_missed: str = ""


_SHORT = (
    Row(name="decode_j2k", module="decode", work="DICOM, JPEG 2000, to 224 px", least_ratio=40),
    Row(name="decode_uncompressed", module="decode", work="DICOM, uncompressed, to 224 px", least_ratio=14),
    Row(name="decode_jpeg_lossless", module="decode", work="DICOM, JPEG Lossless, to 224 px", least_ratio=9),
    Row(name="decode_jpeg_full", module="decode", work="JPEG of 2,320 x 2,828 px, to 224 px", least_ratio=2.2),
    Row(
        name="decode_jpeg_small",
        module="decode",
        work="JPEG of 320 x 390 px, to 224 px",
        least_ratio=1.0,
        why_missed="Ours also hashes each file, looks through it for damage, and reads its header.",
    ),
    Row(name="decode_xrv_j2k", module="decode_xrv", work="DICOM, JPEG 2000, to 224 px", least_ratio=20),
    Row(name="decode_xrv_small", module="decode_xrv", work="JPEG of 320 x 390 px, to 224 px", least_ratio=2),
    Row(name="decode_real_dicom", module="decode", work="47 DICOM files of ../shared/real-cxr, to 224 px"),
    Row(name="decode_real_jpeg", module="decode", work="50 JPEG files of ../shared/real-cxr, to 224 px"),
    Row(name="fidelity", module="fidelity", work="mean difference from the full resolution", most=0.7),
    Row(name="batches", module="batches", work="random training batches of 32", least_ratio=10),
    Row(name="train", module="training", work="an epoch of 256 images, ResNet-18, fp32", least_ratio=1.4),
    Row(name="train_bf16", module="training", work="the same in bf16", least_ratio=2.5),
    Row(name="predict", module="predicting", work="probabilities, features, six maps; ResNet-18", least_ratio=1.2),
    Row(name="train_gpu", module="on_gpu", work="an epoch of 8,192 images on a GPU, ResNet-18, fp32", least_ratio=0.95),
    Row(name="predict_gpu", module="on_gpu", work="all that is predicted of 8,192 images on a GPU", least_ratio=0.95),
    Row(name="saliency", module="explaining", work="six saliency maps, ResNet-18", least_ratio=18),
    Row(name="bootstrap", module="bootstrap", work="2,000 replicates of all metrics, 29,842 x 6", least_ratio=30),
)
_LONG = (
    Row(name="score", module="score", work="a million predictions of 14 findings, CSV to sealed file", least_ratio=20),
    Row(name="write", module="writing", work="ten million predictions into the sealed file", least_ratio=0.8),
    *(
        Row(name=f"page_{page}", module="page_queries", work=f"what the page {page.title()} asks", least_ratio=5)
        for page in PAGES
    ),
    Row(name="ingest_memory", module="ingest_memory", work="caching 200 large files, two workers", least_ratio=3),
    Row(name="end_to_end", module="end_to_end", work="`paper` on 100 + 100 full-size files, fp32", least_ratio=1.4),
    Row(name="end_to_end_bf16", module="end_to_end", work="the same, trained in bf16", least_ratio=2.5),
    Row(name="read_chexpert", module="label_tables", work="CheXpert's table to references and splits", most=15),
    Row(name="read_chexpert_memory", module="label_tables", work="the same: memory", most=1024),
    Row(name="read_table", module="label_tables", work="a table of a million rows likewise", most=20),
    Row(name="read_table_memory", module="label_tables", work="the same: memory", most=1024),
    Row(name="precision", module="precision", work="bf16 less fp32 in training, five seeds", most=0.5),
    *(
        Row(name=f"scaling_{stage}", module="scaling", work=f"{stage}: time an image at 16 times as many")
        for stage in STAGES
    ),
    *(
        Row(
            name=f"scaling_{stage}_memory",
            module="scaling",
            work=f"{stage}: memory at 16 times as many",
            least_ratio=0.8 if stage in FLAT_MEMORY else None,
        )
        for stage in STAGES
    ),
)

ROWS: tuple[Row, ...] = (
    *_SHORT,
    *(replace(row, is_long=True) for row in _LONG),
)

PROGRAMS = ("demo", "pages", "coverage", "share_coverage", "coverage_shift", "diagnosis", "scale")
"""What `make bench-long` runs besides: modules that print tables of their own."""


def by_module(names: Sequence[str]) -> dict[str, list[str]]:
    """Rows of these names, grouped by the module that measures them, in the order of `ROWS`."""
    found: dict[str, list[str]] = {}
    for row in ROWS:
        if row.name in names:
            found.setdefault(row.module, []).append(row.name)
    return found


def shortfall(row: Row, *, ours: float, ratio: float | None) -> str | None:
    """By how much a result misses its goal, in words; None if it does not.

    Args:
        row: Whose goal.
        ours: As in the results.
        ratio: As in the results.
    """
    if row.least_ratio is not None and ratio is not None and ratio < row.least_ratio:
        return f"{ratio:g} instead of {row.least_ratio:g}, {1 - ratio / row.least_ratio:.0%} short"
    if row.most is not None and ours > row.most:
        return f"{ours:g} instead of at most {row.most:g}, {ours / row.most - 1:.0%} above"
    return None
