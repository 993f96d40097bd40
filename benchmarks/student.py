"""The paper's protocol as a student would script it: `python -m benchmarks.student VINBIGDATA CHEXPERT OUT`.

Decodes to JPEG files of 224 px in a pool of two, trains three members a regime from `ImageFolder`, predicts both
sites, explains 100 images by pytorch-grad-cam, and writes predictions and metrics as CSV. No intervals.
"""

import shutil
import sys
from collections.abc import Sequence
from functools import partial
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
import torchvision
from pytorch_grad_cam import GradCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from sklearn.metrics import accuracy_score, classification_report, confusion_matrix, roc_auc_score
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset, Subset
from torchvision import transforms

from benchmarks.usual_script import WORKERS, smaller_jpeg, to_jpeg

CLASSES = ("No Finding", "Cardiomegaly", "Nodule/Mass", "Lung Opacity", "Pleural Effusion", "Consolidation")
MEMBERS, EPOCHS, EXPLAINED = 3, 5, 100
_CHEXPERT = {"Lung Lesion": "Nodule/Mass"}
_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)

Batch = tuple[torch.Tensor, torch.Tensor]


def run(
    source: Path,
    external: Path,
    out: Path,
    *,
    members: int = MEMBERS,
    epochs: int = EPOCHS,
    explained: int = EXPLAINED,
) -> None:
    """From files to CSV.

    Args:
        source: VinBigData's folder.
        external: CheXpert's folder.
        out: A new folder.
        members: Networks a regime.
        epochs: Of each.
        explained: For how many external images maps are made.
    """
    internal_images = _prepared(vinbigdata_classes(source), out / "internal", convert=to_jpeg)
    external_images = _prepared(chexpert_classes(external), out / "external", convert=smaller_jpeg)
    held_out = np.random.default_rng(0).permutation(len(internal_images))[: len(internal_images) // 5]
    kept = np.setdiff1d(np.arange(len(internal_images)), held_out)
    metrics = []
    for regime, rows in (("full", np.arange(len(internal_images))), ("split", kept)):
        networks = [train(Subset(internal_images, rows.tolist()), seed=seed, epochs=epochs) for seed in range(members)]
        for site, images in (("internal", internal_images), ("external", external_images)):
            scores = np.mean([predict(network, images) for network in networks], axis=0)
            classes = np.array(images.targets)
            frame = pd.DataFrame(scores, columns=list(CLASSES)).assign(image=[path for path, _ in images.samples])
            frame.to_csv(out / f"{regime}-{site}.csv", index=False)
            metrics.append({"regime": regime, "site": site} | measured(classes, scores))
    pd.DataFrame(metrics).to_csv(out / "metrics.csv", index=False)
    np.save(
        out / "maps.npy", explain(networks[0], Subset(external_images, range(min(explained, len(external_images)))))
    )


def vinbigdata_classes(folder: Path) -> dict[Path, int]:
    """Files with the one class that two of three readers give; others are left out."""
    rows = pd.read_csv(folder / "train.csv")
    rows["class"] = rows["class_name"].str.lower().map({name.lower(): index for index, name in enumerate(CLASSES)})
    votes = rows.dropna(subset=["class"]).groupby(["image_id", "class"])["rad_id"].nunique()
    agreed = votes[votes >= 2].reset_index().drop_duplicates("image_id", keep=False)
    return {folder / "train" / f"{row.image_id}.dicom": int(row["class"]) for _, row in agreed.iterrows()}


def chexpert_classes(folder: Path) -> dict[Path, int]:
    """Frontal files with exactly one of the classes; others are left out."""
    rows = pd.read_csv(folder / "train.csv").rename(columns=_CHEXPERT)
    rows = rows[rows["Frontal/Lateral"] == "Frontal"]
    present = rows[list(CLASSES)].to_numpy() == 1
    single = present.sum(axis=1) == 1
    paths = [folder.parent / path for path in rows.loc[single, "Path"]]
    return dict(zip(paths, present[single].argmax(axis=1).tolist(), strict=True))


def train(images: Dataset[Batch], *, seed: int, epochs: int) -> torch.nn.Module:
    """A member by the paper's recipe."""
    torch.manual_seed(seed)
    network: torch.nn.Module = torchvision.models.resnet18(weights=None, num_classes=len(CLASSES))
    optimizer = torch.optim.SGD(network.parameters(), lr=1e-3, momentum=0.9)
    batches = DataLoader(images, batch_size=32, shuffle=True, num_workers=WORKERS, persistent_workers=True)
    network.train()
    for _ in range(epochs):
        for inputs, classes in batches:
            optimizer.zero_grad()
            torch.autograd.backward(functional.cross_entropy(network(inputs), classes))
            optimizer.step()
    return network


def predict(network: torch.nn.Module, images: Dataset[Batch]) -> npt.NDArray[np.float32]:
    """Softmax, shape ``(n, k)``."""
    network.eval()
    with torch.inference_mode():
        found = [network(inputs).softmax(dim=1).numpy() for inputs, _ in DataLoader(images, 64, num_workers=WORKERS)]
    return np.concatenate(found)


def explain(network: torch.nn.Module, images: Dataset[Batch]) -> npt.NDArray[np.float32]:
    """A map of the true class of each image, shape ``(n, H, W)``."""
    network.eval()
    maps = []
    with GradCAM(model=network, target_layers=[torch.nn.Sequential(*list(network.children())[:-2])[-1]]) as cam:
        for inputs, classes in DataLoader(images, 32):
            maps.append(cam(input_tensor=inputs, targets=[ClassifierOutputTarget(int(each)) for each in classes]))
    return np.concatenate(maps)


def measured(classes: npt.NDArray[np.int64], scores: npt.NDArray[np.float32]) -> dict[str, object]:
    """What the paper's tables show."""
    predicted, labels = scores.argmax(axis=1), list(range(len(CLASSES)))
    return {
        "accuracy": accuracy_score(classes, predicted),
        "auroc": roc_auc_score(classes, scores, multi_class="ovr", labels=labels) if len(set(classes)) > 5 else None,
        "by_class": classification_report(classes, predicted, labels=labels, output_dict=True, zero_division=0),
        "confusion": confusion_matrix(classes, predicted, labels=labels).tolist(),
    }


def _prepared(classes: dict[Path, int], folder: Path, *, convert: object) -> torchvision.datasets.ImageFolder:
    for index in range(len(CLASSES)):
        (folder / str(index)).mkdir(parents=True)
    with Pool(WORKERS) as pool:
        pool.starmap(partial(_one, convert, folder), classes.items())
    steps: Sequence[object] = (
        transforms.Grayscale(3),
        transforms.ToTensor(),
        transforms.Normalize(_MEAN, _STD),
    )
    return torchvision.datasets.ImageFolder(str(folder), transform=transforms.Compose(steps), allow_empty=True)


def _one(convert: object, folder: Path, path: Path, index: int) -> None:
    if callable(convert):
        convert(folder / str(index), path)


if __name__ == "__main__":
    places = [Path(word) for word in sys.argv[1:4]]
    shutil.rmtree(places[2], ignore_errors=True)
    run(*places)
