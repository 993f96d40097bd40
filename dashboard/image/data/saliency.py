"""The saliency maps of one image: of the ensemble and its members, by every method that the run has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import streamlit as st

from dashboard.results.database import Parameter, RunKey, ask, number
from dashboard.results.images import Key
from dashboard.results.maps import DEFAULT_METHOD, ImageMaps, scales

_SQL = """
    SELECT model_id, method, height, width, maps, scale FROM saliency
    WHERE dataset = $dataset AND image_id = $image AND model_id IN (SELECT unnest($models))
    ORDER BY method <> $first, method
"""


@dataclass(frozen=True, kw_only=True)
class Source:
    """The maps of one model by one method, one a class.

    Attributes:
        model: The model's id.
        method: How the maps were made, as stored.
        maps: The maps.
    """

    model: str
    method: str
    maps: ImageMaps


@st.cache_data(max_entries=64, show_spinner=False)
def sources(run: RunKey, *, key: Key, models: tuple[str, ...]) -> tuple[Source, ...]:
    """The maps of an image, by method, within it in the order of the models. Empty where the run has none."""
    parameters: dict[str, Parameter] = {
        "dataset": key[0],
        "image": key[1],
        "models": list(models),
        "first": DEFAULT_METHOD,
    }
    found = [
        Source(
            model=str(model),
            method=str(method),
            maps=ImageMaps(
                height=int(number(height)),
                width=int(number(width)),
                values=cast("bytes", values),
                scale=scales(cast("Sequence[float | None]", scale)),
            ),
        )
        for model, method, height, width, values, scale in ask(run, _SQL, parameters)
    ]
    return _in_order([source for source in found if source.maps.is_whole], models)


def _in_order(sources: Sequence[Source], models: tuple[str, ...]) -> tuple[Source, ...]:
    methods = list(dict.fromkeys(source.method for source in sources))
    return tuple(sorted(sources, key=lambda each: (methods.index(each.method), models.index(each.model))))
