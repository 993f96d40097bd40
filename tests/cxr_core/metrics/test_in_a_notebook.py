"""What computes is there for someone with a notebook: without the app, a network or a database."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_metrics_and_statistics_load_neither_app_nor_network_nor_database() -> None:
    """In a process of its own, since other tests have all of these loaded already."""
    code = """
import importlib, pkgutil, sys
import cxr_core.localization, cxr_core.metrics, cxr_core.statistics
for package in (cxr_core.metrics, cxr_core.statistics):
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(found.name)
print(sorted({name.split('.')[0] for name in sys.modules} & {'torch', 'streamlit', 'plotly', 'duckdb', 'pandas'}))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
