"""Accuracy over findings: the share of the known presences, of all findings and images, that a model is right about."""

from typing import cast

import streamlit as st

from cxr_core.statistics import shares
from dashboard.notation import estimate_of
from dashboard.results.comparison import Comparison
from dashboard.results.database import Value, ask, number
from dashboard.results.metrics import ALL, STATED, Kind, Number

METRIC = "accuracy_over_findings"
"""What it is called in a download."""

_WANTED = """
    WITH wanted AS (
        SELECT dataset, 'internal_test' AS role, $internal_policy AS policy FROM dataset
        WHERE dataset = $internal_dataset
        UNION ALL
        SELECT dataset, 'train', CASE WHEN dataset = $internal_dataset THEN $internal_policy ELSE training_policy END
        FROM dataset WHERE site = 'source' AND training_policy IS NOT NULL
    )
"""

_RIGHT = f"""{_WANTED}, thresholds AS (
        SELECT model_id, list(value::FLOAT ORDER BY index) AS thresholds
        FROM threshold JOIN finding ON name = finding WHERE operating_point = '{STATED}' GROUP BY model_id
    ), judged AS (
        SELECT model_id, role, dataset, policy, hash(coalesce(patient_id, image_id)) AS patient,
            list_transform(
                list_zip(present, probability, thresholds),
                lambda each: CASE
                    WHEN NOT isnan(each[1]) AND NOT isnan(each[2]) THEN (each[2] >= each[3]) = (each[1] = 1)
                END
            ) AS is_right
        FROM wanted
        JOIN prediction USING (dataset, role)
        JOIN reference USING (dataset, image_id, policy)
        JOIN thresholds USING (model_id)
        JOIN image USING (dataset, image_id)
    ), of_patient AS (
        SELECT model_id, role, dataset, policy, patient, count(*) AS images, sum(list_count(is_right))::DOUBLE AS m,
            sum(len(list_filter(is_right, lambda each: each)))::DOUBLE AS y
        FROM judged WHERE list_count(is_right) > 0 GROUP BY ALL
    )
    SELECT model_id, regime, fold, member, role, dataset, policy, sum(images)::BIGINT,
        sum(y), sum(m), sum(y * y), sum(y * m), sum(m * m)
    FROM of_patient JOIN model USING (model_id)
    WHERE member IS NOT NULL OR model_id = regime
    GROUP BY model_id, regime, fold, member, role, dataset, policy
    ORDER BY regime = 'full', regime, member IS NOT NULL, fold, member, model_id, role
"""  # noqa: S608 (constants)

_BEST_CONSTANT = f"""{_WANTED}
    SELECT sum(greatest(n_positive, n - n_positive)) / sum(n) FROM wanted JOIN metric USING (dataset, role, policy)
    WHERE model_id = $model AND role = $role AND task = 'finding' AND stratum = '{ALL}'
        AND metric = 'accuracy' AND operating_point = '{STATED}' AND finding IS NOT NULL
"""  # noqa: S608 (constants)


@st.cache_data(max_entries=64, show_spinner=False)
def accuracies(comparison: Comparison) -> tuple[Number, ...]:
    """The accuracy over findings of every model of a run, on its training images and in the internal test.

    Where nothing is known or said of a finding on an image, that does not count. The interval is over patients.

    Returns:
        Split before full, an ensemble before its members, and these by fold and number; ``n`` counts images of which
        something is known.
    """
    return tuple(_number(row) for row in ask(comparison.run, _RIGHT, _sites(comparison)))


@st.cache_data(max_entries=64, show_spinner=False)
def best_constant(comparison: Comparison, *, kind: Kind) -> float:
    """The accuracy over findings of always answering what is more frequent of each, its presence or its absence.

    Args:
        comparison: Whose model, by its own images.
        kind: Its training images, or the internal test.

    Returns:
        In [0.5, 1]; NaN where the model has no such images.
    """
    given = {**_sites(comparison), "model": comparison.model, "role": kind}
    return number(ask(comparison.run, _BEST_CONSTANT, given)[0][0])


def _sites(comparison: Comparison) -> dict[str, Value]:
    return {"internal_dataset": comparison.internal_dataset, "internal_policy": comparison.internal_policy}


def _number(row: tuple[Value, ...]) -> Number:
    model, regime, fold, member, kind, dataset, policy, images, *sums = row
    part, whole, part_squares, products, whole_squares = map(number, sums)
    share = shares.of_sums(
        shares.Sums(part=part, whole=whole, part_squares=part_squares, products=products, whole_squares=whole_squares)
    )
    return Number(
        model=str(model),
        regime=None if regime is None else str(regime),
        fold=None if fold is None else int(fold),
        member=None if member is None else int(member),
        kind=cast("Kind", kind),
        dataset=str(dataset),
        policy=str(policy),
        task="finding",
        stratum=ALL,
        finding=None,
        metric=METRIC,
        estimate=estimate_of(share, n=int(number(images))),
        positives=None,
        operating_point=STATED,
    )
