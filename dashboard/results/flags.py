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
