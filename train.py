"""The commands from a checkout: ``python train.py`` says which there are, and how to start."""

from cxr_core.cli.main import script

if __name__ == "__main__":
    script()
