"""What every model made of every dataset, read from a results file as evaluation takes it."""

from collections.abc import Sequence

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cxr_core import roles, splits
from cxr_core.evaluation.flags import flags
from cxr_core.evaluation.inputs import Scored, Site
from cxr_core.images import identity
from cxr_core.manifest import Reference
from cxr_core.pipeline import strata

Numbers = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]

_MODELS = """
    SELECT model_id, outputs, member IS NULL, CASE WHEN member IS NULL AND fold IS NOT NULL THEN regime END,
        origin = 'brought' OR coalesce(model_id = regime, false)
    FROM model ORDER BY model_id
"""

_SHOWN = """
    SELECT policy FROM dataset JOIN policy USING (dataset)
    WHERE dataset = ? AND (is_default OR policy = training_policy)
"""


def classes(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """The run's classes, in the order of the outputs."""
    return tuple(name for (name,) in connection.execute("SELECT name FROM finding ORDER BY index").fetchall())


def read(
    connection: duckdb.DuckDBPyConnection, *, thinned: frozenset[str] = frozenset()
) -> tuple[list[Site], list[Scored]]:
    """Every dataset with predictions, and what every model made of it, in the order of its image ids."""
    names = classes(connection)
    mixes = _train_mixes(connection, n_classes=len(names))
    sites, scored = [], []
    for (dataset,) in connection.execute("SELECT dataset FROM dataset ORDER BY dataset").fetchall():
        images = connection.execute(
            """
            SELECT image_id, patient_id, study_id, content_hash, view, sex, age_years, left_out IS NULL AS kept
            FROM image SEMI JOIN prediction USING (dataset, image_id)
            WHERE dataset = ? ORDER BY image_id
            """,
            [dataset],
        ).df()
        if images.empty:
            continue
        sites.append(_site(connection, dataset, images, is_thinned=dataset in thinned))
        scored += _scored(connection, dataset, images["image_id"], mixes=mixes, names=names)
    return sites, scored


def _site(connection: duckdb.DuckDBPyConnection, dataset: str, images: pd.DataFrame, *, is_thinned: bool) -> Site:
    references = {
        policy: _reference(connection, dataset, policy, images)
        for (policy,) in connection.execute(
            "SELECT policy FROM policy WHERE dataset = ? ORDER BY policy", [dataset]
        ).fetchall()
    }
    return Site(
        dataset=dataset,
        patients=splits.linked_images(images, _contents(connection, dataset, images)),
        references=references,
        class_policies=frozenset(name for name, reference in references.items() if _gives_a_class(reference)),
        strata=strata.read(connection, dataset, images),
        shown=frozenset(name for (name,) in connection.execute(_SHOWN, [dataset]).fetchall()),
        thinned=frozenset({"internal_test"}) if is_thinned else frozenset(),
    )


def _contents(connection: duckdb.DuckDBPyConnection, dataset: str, images: pd.DataFrame) -> list[str]:
    """What each image shows; without its pixels, its place in the dataset.

    Patients are drawn in the order of these: an id will not do, since a private table's are other ones on each machine.
    """
    known = [content if isinstance(content, str) else None for content in images["content_hash"].to_numpy(object)]
    if all(known):
        return [content or "" for content in known]
    kind = next((content.partition(":")[0] for content in known if content), identity.KIND)
    stored = connection.execute("SELECT image_id FROM image WHERE dataset = ?", [dataset]).df()["image_id"]
    places = pd.Index(stored).get_indexer(images["image_id"]).tolist()
    return [content or f"{kind}:{place:012d}" for content, place in zip(known, places, strict=True)]


def _reference(connection: duckdb.DuckDBPyConnection, dataset: str, policy: str, images: pd.DataFrame) -> Reference:
    """The reference standard of a dataset's images; what the cap leaves out has presence and no class."""
    rows = connection.sql(
        """
        SELECT image_id, coalesce(class, -1) AS class, left_out, present
        FROM reference WHERE dataset = ? AND policy = ?
        """,
        params=[dataset, policy],
    ).to_arrow_table()
    at = pd.Index(rows["image_id"].to_numpy()).get_indexer(images["image_id"])
    return Reference(
        classes=np.where(images["kept"], rows["class"].to_numpy()[at], -1).astype(np.int8),
        left_out=rows["left_out"].to_numpy()[at].astype(object),
        present=_lists(rows["present"])[at],
    )


def _gives_a_class(reference: Reference) -> bool:
    """Whether its policy gives a single class, or says why not; one that says only what is present does neither."""
    return bool((reference.classes >= 0).any() or (reference.left_out != None).any())  # noqa: E711 -- element by element


def _scored(
    connection: duckdb.DuckDBPyConnection,
    dataset: str,
    image_ids: pd.Series,
    *,
    mixes: dict[str, Numbers],
    names: Sequence[str],
) -> list[Scored]:
    place = pd.Index(image_ids.to_numpy(object))
    found = []
    models = connection.execute(_MODELS).fetchall()
    for model_id, outputs, is_ensemble, fold_of, has_gap in models:
        rows = connection.sql(
            """
            SELECT image_id, role, coalesce(predicted, -1) AS predicted, probability, flagged
            FROM prediction WHERE model_id = ? AND dataset = ?
            """,
            params=[model_id, dataset],
        ).to_arrow_table()
        if not rows.num_rows:
            continue
        at = place.get_indexer(pd.Index(rows["image_id"].to_numpy()))
        role = np.full(len(place), "", object)
        predicted = np.full(len(place), -1, np.int8)
        role[at], predicted[at] = rows["role"].to_numpy(), rows["predicted"].to_numpy()
        probability, flagged = (
            _at(at, rows[name], shape=(len(place), len(names))) for name in ("probability", "flagged")
        )
        found.append(
            Scored(
                model_id=model_id,
                dataset=dataset,
                is_ensemble=is_ensemble,
                role=role,
                probability=probability,
                predicted=predicted,
                train_mix=mixes.get(model_id, np.full(len(names), np.nan)),
                fold_of=fold_of,
                has_gap=has_gap,
                outputs=outputs,
                flagged=flags(probability, flagged, thresholds=_thresholds(connection, model_id, names=names)),
            )
        )
    return found


def _at(at: npt.NDArray[np.int64], lists: pa.ChunkedArray, *, shape: tuple[int, int]) -> Floats | None:
    """Lists of numbers at their places, NaN at all others; None where there is no list."""
    given = lists.is_valid().to_numpy()
    if not given.any():
        return None
    found = np.full(shape, np.nan, np.float32)
    found[at[given]] = _lists(lists)
    return found


def _lists(lists: pa.ChunkedArray) -> Floats:
    """Lists of one length as rows, without those that are not there."""
    numbers = pc.list_flatten(lists).to_numpy()
    return np.asarray(numbers.reshape(len(lists) - lists.null_count, -1), dtype=np.float32)


def _thresholds(connection: duckdb.DuckDBPyConnection, model_id: str, *, names: Sequence[str]) -> dict[str, Floats]:
    """What came with the model, by operating point, shape ``(k,)``; NaN where a finding has none."""
    rows = connection.execute(
        """
        SELECT operating_point, finding, value FROM threshold
        WHERE model_id = ? AND operating_point = 'stated' ORDER BY ALL
        """,
        [model_id],
    ).fetchall()
    found: dict[str, Floats] = {}
    for operating_point, finding, value in rows:
        found.setdefault(operating_point, np.full(len(names), np.nan, np.float32))[names.index(finding)] = value
    return found


def _train_mixes(connection: duckdb.DuckDBPyConnection, *, n_classes: int) -> dict[str, Numbers]:
    """The share of each class among the training images of every member, and of every ensemble's members together."""
    rows = connection.execute(
        """
        SELECT model_id, regime, fold, class, count(*)
        FROM prediction
        JOIN model USING (model_id)
        JOIN dataset USING (dataset)
        JOIN reference USING (dataset, image_id)
        WHERE role = 'train' AND member IS NOT NULL AND policy = training_policy AND class IS NOT NULL
        GROUP BY ALL
        """
    ).fetchall()
    counts: dict[str, Numbers] = {}
    for model_id, regime, fold, index, count in rows:
        of_folds = () if fold is None else (roles.fold_ensemble(regime, fold), roles.pooled_ensemble(regime))
        for name in (model_id, regime, *of_folds):
            counts.setdefault(name, np.zeros(n_classes))[index] += count
    return {name: count / count.sum() for name, count in counts.items()}
