"""The command `score`: a model that was trained elsewhere, judged from its predictions."""

from pathlib import Path
from typing import Literal

from cxr_core.cli.arguments import Attributes, External, Files, WorkspaceArguments
from cxr_core.cli.shared import tell_results
from cxr_core.experiment import Experiment, Views
from cxr_core.settings import Outputs


def score(
    *,
    predictions: Files,
    external: External = (),
    internal: External = (),
    validation: External = (),
    findings: tuple[str, ...] = (),
    outputs: Outputs = "sigmoid",
    logits: bool = False,
    threshold: float | None = None,
    per_study: Literal["mean", "max"] | None = None,
    trained_on: tuple[str, ...] = (),
    trained_images: Path | None = None,
    dataset_of: tuple[str, ...] = (),
    images: bool = True,
    attribute: Attributes = (),
    views: Views = "all",
    seed: int = 0,
    replicates: int = 2000,
    workspace: WorkspaceArguments,
) -> None:
    """A model that you have, judged from its predictions.

    Args:
        predictions: Tables of predictions, each FILE or NAME=FILE with the name of a model; CSV or Parquet.
        external: Labels of other sites: table:FILE.csv, or NAME:DIR; image files are not needed.
        internal: Labels of the site that the model comes from, held out of its training.
        validation: Labels of images on which a threshold may be chosen.
        findings: Which findings; those of the predictions unless said otherwise.
        outputs: Whether one class excludes the others (softmax) or not.
        logits: Scores are logits, not probabilities.
        threshold: The score from which a finding is called present, where no file states one; 0.5 if not given.
        per_study: How predictions of images become one a study, where the labels are of studies.
        trained_on: Data sets that the model was trained on, such as chexpert, nih or mimic.
        trained_images: A table of images or patients that it was trained on.
        dataset_of: FILE=NAME: the public data set that a table's images are of.
        images: Read image files where there are any, for their pixels and headers.
        attribute: Further columns of a table to take as attributes of its images.
        views: Which projections take part.
        seed: From which the replicates are drawn.
        replicates: Bootstrap replicates behind every interval.
        workspace: Where to work.
    """
    from cxr_core.cli.brought import brought_models, named_files, pairs
    from cxr_core.pipeline.run import carry_out
    from cxr_core.pipeline.training_data import TrainingData

    of_files = pairs(dataset_of, option="--dataset-of")
    source = brought_models(
        named_files(predictions, dataset_of=of_files),
        specs={"internal": internal, "validation": validation, "external": external},
        findings=findings,
        settings=Experiment(preset="score", outputs=outputs, views=views, seed=seed, replicates=replicates),
        logits=logits,
        threshold=threshold,
        per_study=per_study,
        training=TrainingData(named=trained_on, listed=trained_images),
        dataset_of=of_files,
        with_images=images,
        attributes=attribute,
        workspace=workspace,
    )
    tell_results(carry_out(source, workspace=workspace), cache=workspace.cache)
