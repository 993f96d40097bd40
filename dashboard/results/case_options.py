"""What a list of cases can be narrowed by: only what its images have, each with how many that would leave."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard.results import attributes
from dashboard.results.case_filter import AGES, ATTRIBUTE, BAND, CaseFilter, all_of
from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey, ask, number
from dashboard.results.judged import MEMBERS, listed
from dashboard.results.runs import classes

_COLUMNS = {
    "true": "class",
    "as": "predicted",
    "got": "CASE WHEN right_answer THEN 'right' ELSE 'wrong' END",
    "view": "view",
    "sex": "sex",
    "age": BAND,
}
"""From a key of the address to what its options are, beside attributes."""

_FEW = frozenset({"view", "sex", "age"})
"""Keys whose options are no choice where all images share one."""

_MOST_VALUES = 100
"""Of one attribute, in a list to pick from."""


@dataclass(frozen=True, kw_only=True)
class CaseOptions:
    """What the images of a test have.

    Attributes:
        images: From a key of the address to its options, in order, and from each to the images that it would leave,
            given what is filtered by under all other keys.
        choices: Those keys whose options tell images apart.
        has_members: Whether there are members that could disagree.
    """

    images: Mapping[str, Mapping[str, int]]
    choices: frozenset[str]
    has_members: bool

    def of(self, key: str) -> Mapping[str, int]:
        """Options of a key, none where no image has any."""
        return self.images.get(key, {})


@st.cache_data(max_entries=128, show_spinner=False)
def case_options(run: RunKey, test: TestSet, wanted: CaseFilter) -> CaseOptions:
    """What a filter can be changed to, all counted in one query.

    Args:
        run: The run.
        test: Whose images.
        wanted: The filter so far.
    """
    parts, parameters = wanted.conditions(classes=classes(run))
    rows = ask(run, _sql(run, wanted, parts), {**test.parameters(), **parameters})
    found: dict[str, dict[str, int]] = {}
    total: dict[str, dict[str | None, int]] = {}
    for key, option, images, all_images in rows:
        total.setdefault(str(key), {})[None if option is None else str(option)] = int(number(all_images))
        if option is not None:
            found.setdefault(str(key), {})[str(option)] = int(number(images))
    members = ask(run, MEMBERS, {"model": test.model})
    tested = sum(total.get("got", {}).values())
    chosen = dict(wanted.attributes)
    return CaseOptions(
        images={key: dict(_in_order(run, key, found[key], total[key], chosen=chosen)) for key in sorted(found)},
        choices=frozenset(
            key
            for key in found
            if (len(total[key]) > 1 if key in _FEW else True)
            and not (key.startswith(ATTRIBUTE) and max(total[key].values()) == tested)
        ),
        has_members=len(members) > 1,
    )


@st.cache_data(max_entries=64, show_spinner=False)
def values_held(
    run: RunKey, test: TestSet, *, name: str, values: tuple[str, ...], finding: str | None = None
) -> tuple[str, ...]:
    """Those values of an attribute that any image of a test has, or of its cases of a finding."""
    of = CaseFilter(finding=finding)
    sql = f"""
        WITH {listed(run, of)}
        SELECT DISTINCT value FROM attribute SEMI JOIN listed USING (image_id)
        WHERE dataset = $dataset AND name = $name AND value IN (SELECT unnest($values))
    """  # noqa: S608 (constants)
    given = {**test.parameters(), **of.conditions(classes=classes(run))[1]}
    rows = ask(run, sql, {**given, "name": name, "values": list(values)})
    held = {str(value) for (value,) in rows}
    return tuple(value for value in values if value in held)


def _sql(run: RunKey, wanted: CaseFilter, parts: Mapping[str, str]) -> str:
    """The images under each option: those that pass all other filters, and all of the test.

    Images that are alike in every option are counted once, and what passes is told of each such group.
    """
    names = {key: f"passes_{i}" for i, key in enumerate(parts)}
    passes = "".join(f", coalesce({part}, FALSE) AS {names[key]}" for key, part in parts.items())
    has_attributes = bool(attributes.names(run))
    columns = _COLUMNS if wanted.finding is None else {**_COLUMNS, "outcome": "outcome"}
    options = ", ".join(f"{column} AS {_name(key)}" for key, column in columns.items())
    queries = [
        f"""
        SELECT '{key}' AS key, {_name(key)}::VARCHAR AS option,
            coalesce(sum(images) FILTER ({all_of(names, but=key)}), 0) AS images, sum(images) AS all_images
        FROM alike GROUP BY ALL
        """  # noqa: S608 (constants)
        for key in columns
    ]
    if has_attributes:
        queries.append(_attributes_sql(wanted, names))
    return f"""
        WITH {listed(run, wanted)},
        told AS {"MATERIALIZED" if has_attributes else ""} (SELECT image_id, {options}{passes} FROM listed),
        alike AS MATERIALIZED (SELECT * EXCLUDE (image_id), count(*) AS images FROM told GROUP BY ALL)
        {" UNION ALL ".join(queries)}
    """  # noqa: S608 (the filter's own words; its values are parameters)


def _attributes_sql(wanted: CaseFilter, names: Mapping[str, str]) -> str:
    """Of an attribute that is filtered by, its own condition is left out where its values are counted."""
    others = all_of({key: name for key, name in names.items() if not key.startswith(ATTRIBUTE)})
    own = "".join(
        f" AND ({names[f'{ATTRIBUTE}{name}']} OR name = $asked_name_{i})"
        for i, (name, _) in enumerate(wanted.attributes)
    )
    return f"""
        SELECT '{ATTRIBUTE}' || name AS key, value AS option, count(*) FILTER ({others}{own}) AS images,
            count(*) AS all_images
        FROM attribute JOIN told USING (image_id) WHERE dataset = $dataset GROUP BY name, value
    """  # noqa: S608 (constants)


def _name(key: str) -> str:
    return f"option_{key}"


def _in_order(
    run: RunKey,
    key: str,
    images: Mapping[str, int],
    total: Mapping[str | None, int],
    *,
    chosen: Mapping[str, Sequence[str]],
) -> Iterator[tuple[str, int]]:
    if key in ("true", "as"):
        yield from ((classes(run)[index], images[str(index)]) for index in sorted(map(int, images)))
    elif key == "age":
        yield from ((AGES[index], images[str(index)]) for index in sorted(map(int, images)))
    elif key.startswith(ATTRIBUTE):
        most = sorted(images, key=lambda value: (-total[value], value))[:_MOST_VALUES]
        picked = set(chosen.get(key.removeprefix(ATTRIBUTE), ())) & images.keys()
        yield from ((value, images[value]) for value in sorted({*most, *picked}))
    else:
        yield from ((option, images[option]) for option in sorted(images))
