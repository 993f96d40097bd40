"""Images of a class, drawn by seed and not picked."""

import streamlit as st

from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey, ask
from dashboard.results.images import BY_SEED, Key
from dashboard.results.runs import classes
from dashboard.results.site_images import over_site_images

COUNT = 8
"""How many the page draws at each site."""

_DRAWN = over_site_images(f"""
    SELECT image_id FROM site_image JOIN reference USING (image_id)
    WHERE dataset = $dataset AND policy = $policy AND IS_OF
    ORDER BY {BY_SEED}
    LIMIT $count
""")  # noqa: S608 (a constant)


@st.cache_data(max_entries=64, show_spinner=False)
def random_sample(
    run: RunKey, *, test: TestSet, finding: str, seed: int, count: int, has_findings: bool = False
) -> tuple[Key, ...]:
    """Images of a class in a test, at random; of all internal images where the model has no test there.

    Args:
        run: The results.
        test: Whose images, and the policy that gives them their class.
        finding: The class.
        seed: Another seed draws others; the same draws the same on every machine.
        count: How many at most.
        has_findings: Whether an image has any number of findings, so that those with it among others count.

    Returns:
        Fewer if there are fewer; none for a class that there is not.
    """
    if finding not in classes(run):
        return ()
    sql = _DRAWN.replace("IS_OF", "present[$class + 1] = 1" if has_findings else "class = $class")
    parameters = {**test.parameters(), "class": classes(run).index(finding), "seed": seed, "count": count}
    return tuple((test.dataset, str(image_id)) for (image_id,) in ask(run, sql, parameters))
