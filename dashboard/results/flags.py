"""What a model flags for a finding: the library's rule (`evaluation.flags`) as SQL."""

FLAGGED = """
    CASE
        WHEN NOT isnan(flagged[{place}]) THEN flagged[{place}] = 1
        WHEN NOT isnan(probability[{place}]) THEN probability[{place}] >= {threshold}
    END
"""
"""TRUE, FALSE, or NULL where nothing is said. ``place``: of the finding, from 1; ``threshold``: its own, or NULL."""


def threshold(finding: str) -> str:
    """The threshold of a finding, a parameter or a name, in the precision of scores; NULL where it has none."""
    return f"""(
        SELECT value::FLOAT FROM threshold
        WHERE model_id = $model AND finding = {finding} AND operating_point = 'stated'
    )"""  # noqa: S608 (a parameter's name)


IS_SIGMOID = "(SELECT outputs = 'sigmoid' FROM model WHERE model_id = $model)"
"""Whether a model says of each finding whether it is there."""

_THRESHOLD = """(
    SELECT value::FLOAT FROM threshold JOIN finding ON name = finding
    WHERE model_id = $model AND index = $class AND operating_point = 'stated'
)"""

_FLAGGED = FLAGGED.format(place="$class + 1", threshold=_THRESHOLD)

OUTCOME = f"""
    CASE
        WHEN {IS_SIGMOID} THEN CASE
            WHEN ({_FLAGGED}) IS NULL OR isnan(present[$class + 1]) THEN NULL
            WHEN present[$class + 1] = 1 THEN CASE WHEN {_FLAGGED} THEN 'recognized' ELSE 'missed' END
            WHEN {_FLAGGED} THEN 'false_alarm'
        END
        WHEN class IS NULL OR image_id NOT IN (
            SELECT image_id FROM image WHERE dataset = $dataset AND left_out IS NULL
        ) THEN NULL
        WHEN isnan(probability[predicted + 1]) IS NOT FALSE THEN NULL
        WHEN class = $class THEN CASE WHEN predicted = $class THEN 'recognized' ELSE 'missed' END
        WHEN predicted = $class THEN 'false_alarm'
    END
"""  # noqa: S608 (constants)
"""What came of the finding ``$class`` on an image; NULL where it is absent and not flagged, or nothing is known."""
