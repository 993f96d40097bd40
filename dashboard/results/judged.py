"""The images of a test as SQL judges them: by their single answer, or by what is said of a finding."""

from dashboard.results import flags
from dashboard.results.case_filter import CaseFilter
from dashboard.results.database import RunKey
from dashboard.results.images import ANSWERED
from dashboard.results.runs import classes

MEMBERS = """
    SELECT one.model_id FROM model AS one JOIN model AS ensemble USING (regime)
    WHERE ensemble.model_id = $model AND one.member IS NOT NULL
"""
"""The members of an ensemble; of a model without members none."""

_JUDGED = f"""
    judged AS (
        SELECT image_id, class, predicted, probability[predicted + 1] AS confidence, probability[class + 1] AS of_true,
            predicted = class AS right_answer, view, sex, age_years, patient_id
        FROM prediction JOIN reference USING (dataset, image_id) JOIN image USING (dataset, image_id)
        WHERE model_id = $model AND dataset = $dataset AND role = $role AND policy = $policy AND class IS NOT NULL
            AND image.left_out IS NULL AND {ANSWERED}
    )
"""  # noqa: S608 (a constant)

_OF_FINDING = """
    point AS (SELECT {threshold} AS value),
    answered AS (
        SELECT image_id, probability[{place}] AS score, {flagged} AS is_flagged FROM prediction, point
        WHERE model_id = $model AND dataset = $dataset AND role = $role
    ),
    labelled AS (
        SELECT image_id, present[{place}] = 1 AS is_present FROM reference
        WHERE dataset = $dataset AND policy = $policy AND NOT isnan(present[{place}])
    ),
    known AS (SELECT image_id, view, sex, age_years, patient_id FROM image WHERE dataset = $dataset),
    judged AS (
        SELECT image_id, NULL::TINYINT AS class, NULL::TINYINT AS predicted,
            CASE WHEN NOT isnan(score) THEN score END AS confidence,
            abs(confidence - point.value) AS off_threshold, is_flagged, is_present = is_flagged AS right_answer,
            CASE
                WHEN is_present THEN CASE WHEN is_flagged THEN 'true_positive' ELSE 'missed' END
                ELSE CASE WHEN is_flagged THEN 'false_alarm' ELSE 'true_negative' END
            END AS outcome, view, sex, age_years, patient_id
        FROM answered JOIN labelled USING (image_id) JOIN known USING (image_id), point
        WHERE is_flagged IS NOT NULL
    )
"""
"""Lists are reduced to the finding's place before anything is joined: else all of them go through the join."""

_DISPUTED = f"""
    , asked AS (
        SELECT other.image_id, count(*) FILTER (other.predicted <> judged.predicted) AS other_answers,
            max(other.probability[judged.predicted + 1]) - min(other.probability[judged.predicted + 1]) AS spread
        FROM prediction AS other JOIN judged USING (image_id)
        WHERE other.dataset = $dataset AND other.role = $role AND other.model_id IN ({MEMBERS})
        GROUP BY 1
    )
    , listed AS (FROM judged JOIN asked USING (image_id))
"""  # noqa: S608 (a constant)

_DISPUTED_FINDING = f"""
    , member_said AS (
        SELECT image_id, probability[{{place}}] AS score, {{flagged}} AS is_flagged FROM prediction, point
        WHERE dataset = $dataset AND role = $role AND model_id IN ({MEMBERS})
    )
    , asked AS (
        SELECT image_id, count(is_flagged) AS members, count(*) FILTER (is_flagged) AS flagging,
            max(score) - min(score) AS spread
        FROM member_said GROUP BY image_id
    )
    , listed AS (
        SELECT *, CASE WHEN is_flagged THEN members - flagging ELSE flagging END AS other_answers
        FROM judged JOIN asked USING (image_id)
    )
"""  # noqa: S608 (a constant)
"""A member flags a finding by the ensemble's threshold."""

_FLAGGING = f"""
    WITH point AS (SELECT {{threshold}} AS value)
    SELECT image_id, count(*), count(*) FILTER ({{flagged}}) FROM prediction, point
    WHERE dataset = $dataset AND role = $role AND model_id IN ({MEMBERS}) AND image_id IN (SELECT unnest($images))
        AND ({{flagged}}) IS NOT NULL
    GROUP BY image_id
"""  # noqa: S608 (a constant)

_UNDISPUTED = ", listed AS (FROM judged)"


def listed(run: RunKey, wanted: CaseFilter) -> str:
    """What follows WITH: the images of a test as ``listed``, with what the filter's conditions and its order need.

    Of a finding, those where it is known whether it is present, and the model says whether it is.
    """
    if wanted.finding is not None:
        disputed = _DISPUTED_FINDING if wanted.asks_members else _UNDISPUTED
        return _said_of(run, wanted.finding, _OF_FINDING + disputed)
    return _JUDGED + (_DISPUTED if wanted.asks_members else _UNDISPUTED)


def flagging(run: RunKey, finding: str) -> str:
    """Of some ``$images`` of a test: the members that say something of a finding, and those that flag it."""
    return _said_of(run, finding, _FLAGGING)


def _said_of(run: RunKey, finding: str, sql: str) -> str:
    place = classes(run).index(finding) + 1
    flagged = flags.FLAGGED.format(place=place, threshold="point.value")
    return sql.format(place=place, threshold=flags.threshold("$finding"), flagged=flagged)
