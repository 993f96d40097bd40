"""What the model is, in a line."""

from dataclasses import replace

from dashboard.results.model import Labelled, Model, TrainingImages
from dashboard.text import model
from tests.support.pages import as_read


def test_the_model_is_said_in_a_line() -> None:
    about = Model(
        name="split",
        networks=3,
        folds=0,
        architecture="resnet18",
        trained=TrainingImages(dataset="a", fewest=1034, most=1034),
        labelled=(
            Labelled(dataset="a", counted=1385, images=1500),
            Labelled(dataset="b", counted=592, images=800),
        ),
    )
    assert as_read(model.described(about, classes=6, site=str.upper)) == (
        "split: 3 networks (ResNet-18), averaged, trained on 1,034 A images. Images with exactly one of six classes "
        "count: 92.3 % of 1,500 labelled of A and 74.0 % of 800 labelled of B."
    )
    folds = replace(
        about, networks=15, folds=5, architecture=None, trained=TrainingImages(dataset="a", fewest=8, most=9)
    )
    assert as_read(model.described(replace(folds, labelled=()), classes=6, site=str)) == (
        "split: 15 networks in 5 folds, averaged, trained on 8 to 9 a images."
    )
    assert as_read(model.networks(about, site=str.upper)) == (
        "split: 3 networks (ResNet-18), averaged, trained on 1,034 A images."
    )


def test_of_findings_those_images_count_where_any_is_known() -> None:
    about = Model(
        name="split",
        networks=1,
        folds=0,
        architecture="resnet18",
        trained=TrainingImages(dataset="a", fewest=900, most=900),
        labelled=(Labelled(dataset="a", counted=998, images=1000),),
    )
    assert as_read(model.described(about, classes=2, site=str, has_findings=True, noun="study")) == (
        "split: 1 network (ResNet-18), trained on 900 a images. "
        "Studies where any finding is known count: 99.8 % of 1,000 labelled of a."
    )
