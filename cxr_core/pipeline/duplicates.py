"""Duplicate exposures, in one dataset or in two: nothing else would show them."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cxr_core.labels import Presence


def notes(contents: pd.Series, present: Presence, *, earlier: Mapping[str, pd.Series]) -> tuple[str, ...]:
    """What must be known of a dataset's exposures, in numbers alone.

    Args:
        contents: The content hash of each image, None where its pixels are not at hand.
        present: Shape ``(images, k)``, the reference standard under the default policy: 1, 0, NaN (unknown).
        earlier: From the name of each dataset of the run that was read before to its content hashes.
    """
    at_hand = contents.notna().to_numpy()
    own = contents[at_hand].reset_index(drop=True)
    said = []
    if repeated := set(own[own.duplicated()]):
        stated = pd.DataFrame(np.nan_to_num(present[at_hand], nan=-1)).assign(content=own).drop_duplicates()
        differing = stated["content"][stated["content"].duplicated()].nunique()
        said.append(
            f"Exposures that are here more than once: {len(repeated):,}; of these under labels that differ: "
            f"{differing:,}."
        )
    for name, others in earlier.items():
        if shared := int(own.isin(set(others.dropna())).sum()):
            said.append(
                f"Images whose exposure is in {name} too: {shared:,} of {len(own):,}. What a model learned from is no "
                "test of it."
            )
    return tuple(said)
