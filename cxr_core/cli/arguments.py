"""The arguments that commands share, as they are typed."""

from typing import Annotated

import tyro

from cxr_core.experiment import Experiment
from cxr_core.pipeline.workspace import Folders, Workspace

Settings = Annotated[Experiment, tyro.conf.arg(name="")]
WorkspaceArguments = Annotated[Workspace, tyro.conf.arg(name="")]
FoldersArguments = Annotated[Folders, tyro.conf.arg(name="")]
Name = Annotated[str, tyro.conf.Positional]
Ids = Annotated[tuple[str, ...], tyro.conf.Positional]
External = tuple[str, ...]
Files = tuple[str, ...]
Attributes = tuple[str, ...]
