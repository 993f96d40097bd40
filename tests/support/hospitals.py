"""Two tiny hospitals in the published layouts: a noisy square with one brighter tile per class."""

import csv

import cv2
import numpy as np

from cxr_core.findings import FINDINGS

VINBIGDATA_NAMES = (
    "No finding",
    "Cardiomegaly",
    "Nodule/Mass",
    "Lung Opacity",
    "Pleural effusion",
    "Consolidation",
)
CHEXPERT_FINDINGS = (
    "No Finding",
    "Enlarged Cardiomediastinum",
    "Cardiomegaly",
    "Lung Opacity",
    "Lung Lesion",
    "Edema",
    "Consolidation",
    "Pneumonia",
    "Atelectasis",
    "Pneumothorax",
    "Pleural Effusion",
    "Pleural Other",
    "Fracture",
    "Support Devices",
)
CHEXPERT_NAMES = ("No Finding", "Cardiomegaly", "Lung Lesion", "Lung Opacity", "Pleural Effusion", "Consolidation")


def drawn(index, *, rng):
    """A noisy square with one brighter tile per class."""
    image = rng.normal(100, 15, (48, 40))
    row, column = divmod(index, 3)
    image[8 + 16 * row : 20 + 16 * row, 2 + 13 * column : 12 + 13 * column] += 80
    return np.clip(image, 0, 255).astype(np.uint8)


def write_vinbigdata(root, *, per_class=12, seed=0):
    rng = np.random.default_rng(seed)
    (root / "train").mkdir(parents=True)
    with (root / "train.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(
            ["image_id", "class_name", "class_id", "rad_id", "x_min", "y_min", "x_max", "y_max", "width", "height"]
        )
        for i in range(per_class * len(FINDINGS)):
            name, index = f"{i:032x}", i % len(FINDINGS)
            cv2.imwrite(str(root / "train" / f"{name}.png"), drawn(index, rng=rng))
            row, column = divmod(index, 3)
            corners = [2 + 13 * column, 8 + 16 * row, 12 + 13 * column, 20 + 16 * row] if index else [""] * 4
            for reader in ("R8", "R9", "R10"):
                table.writerow([name, VINBIGDATA_NAMES[index], index, reader, *corners, 40, 48])
    return root


def write_chexpert(root, *, patients=30, seed=1):
    rng = np.random.default_rng(seed)
    root = root / "CheXpert-v1.0-small"
    (root / "train").mkdir(parents=True)
    with (root / "train.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["Path", "Sex", "Age", "Frontal/Lateral", "AP/PA", *CHEXPERT_FINDINGS])
        for patient in range(patients):
            for study in (1, 2):
                index = (patient + study) % len(FINDINGS)
                path = f"train/patient{patient:05d}/study{study}/view1_frontal.jpg"
                (root / path).parent.mkdir(parents=True)
                cv2.imwrite(str(root / path), drawn(index, rng=rng))
                values = {CHEXPERT_NAMES[index]: "1.0"}
                if patient % 10 == 9:
                    values |= {CHEXPERT_NAMES[5 if index < 5 else 4]: "-1.0"}  # uncertain
                if patient % 10 == 8:
                    values |= {CHEXPERT_NAMES[5 if index < 5 else 4]: "1.0"}  # several
                labels = [values.get(name, "") for name in CHEXPERT_FINDINGS]
                view = "AP" if patient % 3 else "PA"
                sex, age = ("Female", 30 + patient) if patient % 2 else ("Male", 0)
                table.writerow([f"CheXpert-v1.0-small/{path}", sex, age, "Frontal", view, *labels])
        lateral = "train/patient00000/study1/view2_lateral.jpg"
        cv2.imwrite(str(root / lateral), drawn(0, rng=rng))
        table.writerow([f"CheXpert-v1.0-small/{lateral}", "Male", 0, "Lateral", "", "1.0", *[""] * 13])
    return root
