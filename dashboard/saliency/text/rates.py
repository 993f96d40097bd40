"""Hit rates in words."""

from collections.abc import Mapping, Sequence

from dashboard.notation import NOT_ESTIMABLE, bracket, counted, in_words, percent, points, resting_on
from dashboard.results.hit_rates import Pointing
from dashboard.results.saliency_test import SaliencyTest
from dashboard.results.side import Side
from dashboard.saliency.data.worst import worst_class
from dashboard.saliency.text.images import at
from dashboard.words import plain

_NO_TEST: dict[Side, str] = {
    Side.INTERNAL: "It was not tested internally.",
    Side.EXTERNAL: f"{Side.EXTERNAL.missing}.",
}

_USUAL = {
    "training": "Usual place: the point that most boxes on training images of the class cover.",
    "other tenths": (
        "Usual place: the point that most boxes of the class cover; for each tenth of the images, those of the other "
        "nine tenths, since the model has no training images of its own."
    ),
    None: "No usual place: no training image of the class has a box.",
}


def right_place(tests: Mapping[Side, SaliencyTest], rates: Mapping[Side, Sequence[Pointing]], *, finding: str) -> str:
    """The hit rate of a class at both sites, beside what always pointing at the usual place scores.

    Args:
        tests: The images of each site that the model has answers for; a site without any is missing.
        rates: Of each of these sites, the classes.
        finding: The class that the page is about.
    """
    said = []
    for side, nothing in _NO_TEST.items():
        pointing = next((pointing for pointing in rates.get(side, ()) if pointing.finding == finding), None)
        said.append(nothing if pointing is None else _said(tests[side], pointing, side=side))
    first, *others = said
    return " ".join((f"**{plain(finding)}**{_rank(rates, finding)}: {first[:1].lower()}{first[1:]}", *others))


def why_no_rates(tests: Mapping[Side, SaliencyTest]) -> str:
    """Why there is no picture of hit rates, and what to do."""
    if any(test.is_pointed_at for test in tests.values()):
        why = "no image that was tested has a box of its class. Another label policy keeps other images."
    elif any(test.has_boxes for test in tests.values()):
        why = "the images with boxes are those that this model was trained on. Pick a model that was trained on a part."
    else:
        why = "they need boxes that readers drew, and neither site has any. VinBigData comes with boxes."
    return f"**Hit rates are {NOT_ESTIMABLE}**: {why}"


def rates_of(tested: Mapping[Side, Sequence[Pointing]]) -> str:
    """What the picture of hit rates shows."""
    tests = f"{' and '.join(tested)} test".capitalize()
    return f"{tests}: hit rate (pointing game), difference to the usual place"


def footnote(tested: Mapping[Side, Sequence[Pointing]]) -> str:
    """Which images were looked at where not all were, and where the usual place comes from."""
    rates = [pointing for of_side in tested.values() for pointing in of_side]
    samples = [
        f"{plain(pointing.finding)}: a sample of {pointing.rate.n:,} of {counted(pointing.images, 'image')} with a box."
        for pointing in rates
        if pointing.images > pointing.rate.n
    ]
    places = {pointing.usual_from for pointing in rates if pointing.rate.is_number}
    return " ".join((*samples, *(_USUAL[place] for place in _USUAL if place in places)))


def described(tested: Mapping[Side, Sequence[Pointing]]) -> str:
    """The picture of hit rates, in plain text, for those who do not see it."""
    rows = [f"{at(pointing.finding, side)}: {_row(pointing)}" for side, rates in tested.items() for pointing in rates]
    return f"Hit rates: how often the peak of saliency lies in a reader's box. {'; '.join(rows)}."


def _rank(rates: Mapping[Side, Sequence[Pointing]], finding: str) -> str:
    estimable = [pointing for of_side in rates.values() for pointing in of_side if pointing.rate.is_number]
    classes = {pointing.finding for pointing in estimable}
    return (
        f", the worst of {in_words(len(classes))} classes"
        if finding == worst_class(estimable) and classes > {finding}
        else ""
    )


def _said(test: SaliencyTest, pointing: Pointing, *, side: Side) -> str:
    rate = pointing.rate
    if test.role == "train":
        return f"It was trained on all {side} images: there is no test, and the hit rate is {NOT_ESTIMABLE}."
    if not test.has_boxes:
        return f"The {side} site has no boxes: {NOT_ESTIMABLE}."
    if not rate.n:
        return f"No image of the {side} test has a box: {NOT_ESTIMABLE}."
    if not rate.is_number:
        return f"The {side} hit rate is {NOT_ESTIMABLE}: {resting_on(rate)} with a box."
    share = f"**{percent(rate.value)}** :gray[{plain(bracket(rate))}]"
    return f"{side.capitalize()} hit rate {share} (n = {rate.n:,}){_beside(pointing)}."


def _beside(pointing: Pointing) -> str:
    apart = pointing.difference
    if not apart.is_number:
        return ""
    usual = f"always pointing at the usual place ({percent(pointing.usual.value)})"
    if apart.low <= 0 <= apart.high:
        return f", **not clearly different** from {usual}: {points(apart.value)} points :gray[{plain(bracket(apart))}]"
    is_less = apart.value < 0
    reach = (-apart.high, -apart.low) if is_less else (apart.low, apart.high)
    ends = f"[{points(reach[0])}, {points(reach[1])}]"
    return f", **{points(abs(apart.value))} points {'below' if is_less else 'above'}** :gray[{plain(ends)}] {usual}"


def _row(pointing: Pointing) -> str:
    rate, apart = pointing.rate, pointing.difference
    if not rate.is_number:
        return f"{NOT_ESTIMABLE}, {counted(rate.n, 'image')}"
    said = f"{percent(rate.value)} {bracket(rate)} of {counted(rate.n, 'image')}"
    if not apart.is_number:
        return said
    return f"{said}, usual place {percent(pointing.usual.value)}, difference {points(apart.value)} {bracket(apart)}"
