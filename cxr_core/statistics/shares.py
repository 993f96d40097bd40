"""A share of images with its 95 % interval over patients in closed form, for shares that no run stores.

A share is a ratio over patients, p = sum of y / sum of m: of a patient's m images, y are counted. Its variance is that
of the linearised ratio, sum of (y - p m)² / (sum of m)². The interval is Wilson's at the number of independent images
that would have this variance. That number is never below (sum of m)² / sum of m², as if all images of a patient told
the same, which is also what is taken where fewer than ten patients are counted or not counted and their spread says
little; and never above the number of images. How often the interval holds the truth: docs/adr/0005.

Source: Cochran, Sampling Techniques (1977), section 3.12, ratio over clusters; Korn and Graubard, Survey Methodology 24
(1998), Wilson's interval at the effective size.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cxr_core.statistics.intervals import NONE, Interval, difference, wilson

Values = npt.NDArray[np.floating] | npt.NDArray[np.integer] | npt.NDArray[np.bool_]

_FEW = 10


@dataclass(frozen=True, kw_only=True)
class Share:
    """A share and how sure it is.

    Attributes:
        value: In [0, 1], a difference of shares in [-1, 1]; NaN of nothing.
        interval: 95 %; none of nothing.
        n_effective: Number of independent images that tell as much if images of one patient tell the same:
            (sum of m)² / sum of m², as `design.independent`; 0 of nothing.
    """

    value: float
    interval: Interval
    n_effective: float


@dataclass(frozen=True, kw_only=True)
class Sums:
    """What a share needs to know of its patients, where a database adds them up.

    Attributes:
        part: Sum over patients of y, what is counted of a patient's images.
        whole: Sum of m, what it is a share of.
        part_squares: Sum of y².
        products: Sum of y m.
        whole_squares: Sum of m².
    """

    part: float
    whole: float
    part_squares: float
    products: float
    whole_squares: float


def share(part: Values, whole: Values) -> Share:
    """A share of what is counted patient by patient.

    Args:
        part: What is counted of each patient, y, shape ``(p,)``, from 0 to m; fractions of an image too.
        whole: What it is a share of, m, shape ``(p,)``, 0 or more.

    Returns:
        The share over all patients.

    Raises:
        ValueError: If the shapes differ.

    >>> share(np.array([3, 0, 1, 0]), np.array([3, 2, 1, 2])).value
    0.5
    """
    if part.shape != whole.shape:
        raise ValueError(f"Expected a part of each whole, found shapes {part.shape} and {whole.shape}.")
    y, m = part.astype(np.float64), whole.astype(np.float64)
    return of_sums(
        Sums(
            part=float(y.sum()),
            whole=float(m.sum()),
            part_squares=float(y @ y),
            products=float(y @ m),
            whole_squares=float(m @ m),
        )
    )


def of_images(counted: Values, *, patients: npt.NDArray[np.generic]) -> Share:
    """A share of images: the mean over images of what each counts.

    Args:
        counted: What each image counts, shape ``(n,)``, in [0, 1]: whether it is counted, or how much of it. NaN is an
            error of the caller.
        patients: Patient of each image, shape ``(n,)``, any values; each image's own where they are not recorded.

    Returns:
        The share over all images.

    Raises:
        ValueError: If the shapes differ.

    >>> of_images(np.array([True, True, False, False]), patients=np.array(["a", "a", "b", "b"])).n_effective
    2.0
    """
    if counted.shape != patients.shape:
        raise ValueError(f"Expected a patient of each image, found shapes {patients.shape} and {counted.shape}.")
    return share(*per_patient(counted, np.ones(counted.shape), patients=patients))


def difference_of_images(first: Values, second: Values, *, patients: npt.NDArray[np.generic]) -> Share:
    """What one share of images has over another of the same images.

    Its interval is that of two proportions that vary together: their own intervals, and how alike their deviations
    are over patients.

    Args:
        first: What each image counts in the one, shape ``(n,)``, in [0, 1].
        second: In the other, which is subtracted.
        patients: Patient of each image, shape ``(n,)``, any values; each image's own where they are not recorded.

    Returns:
        The difference over all images, in [-1, 1].

    Raises:
        ValueError: If the shapes differ.

    >>> ones, patients = np.array([True, True, False, False]), np.arange(4)
    >>> difference_of_images(ones, ~ones, patients=patients).value
    0.0
    """
    one, other = of_images(first, patients=patients), of_images(second, patients=patients)
    if not one.n_effective:
        return one
    y, z, m = per_patient(first, second, np.ones(first.shape), patients=patients)
    apart, other_apart = y - one.value * m, z - other.value * m
    spread = math.sqrt(float(apart @ apart) * float(other_apart @ other_apart))
    interval = difference(
        one.value,
        one.interval,
        second=other.value,
        second_interval=other.interval,
        correlation=min(1.0, max(-1.0, float(apart @ other_apart) / spread)) if spread > 0 else 0.0,
    )
    return Share(value=one.value - other.value, interval=interval, n_effective=one.n_effective)


def per_patient(*values: Values, patients: npt.NDArray[np.generic]) -> tuple[npt.NDArray[np.float64], ...]:
    """What images count, added up within patients.

    Args:
        values: Each of shape ``(n,)``.
        patients: Patient of each image, shape ``(n,)``, any values.

    Returns:
        For each of the values an array of shape ``(p,)``, in one and the same order of patients.
    """
    known, cluster = np.unique(patients, return_inverse=True)
    return tuple(
        np.bincount(cluster, weights=each.astype(np.float64), minlength=known.size).astype(np.float64)
        for each in values
    )


def of_sums(sums: Sums) -> Share:
    """A share from sums over patients.

    Args:
        sums: Of patients, or of images where patients are not recorded.

    >>> of_sums(Sums(part=30, whole=100, part_squares=30, products=30, whole_squares=100)).value
    0.3
    """
    if not sums.whole:
        return Share(value=math.nan, interval=NONE, n_effective=0.0)
    value = sums.part / sums.whole
    fewest = sums.whole**2 / sums.whole_squares
    return Share(value=value, interval=wilson(value, n=_worth(value, sums, fewest=fewest)), n_effective=fewest)


def _worth(value: float, sums: Sums, *, fewest: float) -> float:
    """Number of independent images that would have the variance over patients."""
    squares = sums.part_squares - 2 * value * sums.products + value**2 * sums.whole_squares
    variance = squares / sums.whole**2
    if min(value, 1 - value) * fewest < _FEW or variance <= 0:
        return fewest
    return min(max(value * (1 - value) / variance, fewest), sums.whole)
