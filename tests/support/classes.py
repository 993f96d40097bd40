"""Classes that runs of tests have beside the default: few and many, long and short, with No Finding and without."""

TWO = ("Enlarged Cardiomediastinum", "Pleural Effusion or Thickening (any side)")

FOUR = ("No Finding", "Edema", "Pneumothorax", "Atelectasis")

THIRTY = (
    "Aortic Enlargement", "Atelectasis", "Calcification", "Cardiomegaly", "Clavicle Fracture", "Consolidation", "Edema",
    "Emphysema", "Enlarged Cardiomediastinum", "Enlarged Pulmonary Artery", "Fibrosis", "Hiatal Hernia",
    "Infiltration", "Interstitial Lung Disease", "Lung Cavity", "Lung Cyst", "Lung Opacity", "Mediastinal Shift",
    "No Finding", "Nodule/Mass", "Other Lesion", "Pleural Effusion", "Pleural Effusion or Thickening (any side)",
    "Pneumonia", "Pneumoperitoneum", "Pneumothorax", "Rib Fracture", "Subcutaneous Emphysema", "Tuberculosis",
    "Support Devices",
)  # fmt: skip

HOSTILE = (
    "No Finding",
    "<img src=x onerror=alert(1)>",
    "![x](http://example.org/x.png)",
    "%{fullData.name} $a$ **b** :red[c]",
)
"""Names that a stranger's run may have: what would be markup, a link, an image, or filled in."""

SETS = {
    "two": TWO,
    "two-with-no-finding": ("No Finding", "Cardiomegaly"),
    "four": FOUR,
    "thirty": THIRTY,
    "thirty-without-no-finding": tuple("Scoliosis" if name == "No Finding" else name for name in THIRTY),
    "hostile": HOSTILE,
}
