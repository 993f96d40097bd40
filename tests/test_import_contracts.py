"""Each import contract breaks where a forbidden import is planted: one that matches nothing would always be kept."""

from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

import grimp
import pytest
from importlinter.application.use_cases import read_user_options
from importlinter.configuration import configure
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract

ROOT = Path(__file__).parents[1]
TYPES = {"layers": LayersContract, "forbidden": ForbiddenContract}

configure()
OPTIONS = read_user_options(str(ROOT / "pyproject.toml"))
CONTRACTS = {options["name"]: options for options in OPTIONS.contracts_options}
PAGES = next(
    [container.removeprefix("dashboard.") for container in options["containers"]]
    for options in CONTRACTS.values()
    if "dashboard.overview" in options.get("containers", ())
)


@cache
def _graph() -> grimp.ImportGraph:
    return grimp.build_graph(*OPTIONS.session_options["root_packages"], include_external_packages=True, cache_dir=None)


def _is_kept(name: str, graph: grimp.ImportGraph) -> bool:
    options = CONTRACTS[name]
    contract = TYPES[options["type"]](name, OPTIONS.session_options, options)
    return contract.check(graph, verbose=False).kept


def _planted(importer: str, imported: str) -> grimp.ImportGraph:
    graph = deepcopy(_graph())
    for module in (importer, imported):
        if module not in graph.modules:
            graph.add_module(
                module, is_squashed=module.partition(".")[0] not in OPTIONS.session_options["root_packages"]
            )
    graph.add_import(importer=importer, imported=imported)
    return graph


def _layers(options: dict) -> list[list[str]]:
    return [[name.strip(" ()") for name in layer.split("|")] for layer in options["layers"]]


def _forbidden_in_layers(options: dict) -> Iterator[tuple[str, str]]:
    """Of every layer: an import of the layer above it, and one of each that stands beside it."""
    modules = _graph().modules
    for container in options["containers"]:
        layers = [
            [f"{container}.{name}" for name in layer if f"{container}.{name}" in modules] for layer in _layers(options)
        ]
        layers = [layer for layer in layers if layer]
        for above, below in pairwise(layers):
            yield below[0], above[0]
        for layer in layers:
            for one, other in combinations(layer, 2):
                yield one, other
                yield other, one


def _cases() -> Iterator[tuple[str, str, str]]:
    for name, options in CONTRACTS.items():
        if options["type"] == "layers":
            yield from ((name, *planted) for planted in _forbidden_in_layers(options))
            continue
        for source in options["source_modules"]:
            importers = [source] if "*" not in source else [source.replace("*", page) for page in PAGES]
            yield from (
                (name, importer, imported) for importer in importers for imported in options["forbidden_modules"]
            )


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_code_keeps_its_contracts(name):
    assert _is_kept(name, deepcopy(_graph()))


@pytest.mark.parametrize("name", CONTRACTS)
def test_each_forbidden_import_breaks_its_contract(name):
    planted = [(importer, imported) for contract, importer, imported in _cases() if contract == name]
    assert planted
    assert [pair for pair in planted if _is_kept(name, _planted(*pair))] == []


@pytest.mark.parametrize("name", [name for name, options in CONTRACTS.items() if options["type"] == "layers"])
def test_a_module_without_a_place_breaks_the_contract(name):
    for container in CONTRACTS[name]["containers"]:
        graph = deepcopy(_graph())
        graph.add_module(f"{container}.helpers")
        assert not _is_kept(name, graph), container


def test_every_page_of_the_app_is_held_by_the_contract_of_pages():
    from dashboard.app import PAGES as SHOWN

    assert set(PAGES) == {*SHOWN, "start"}  # which is shown where the address names no run


def test_every_contract_says_why():
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    starts = [i for i, line in enumerate(lines) if line == "[[tool.importlinter.contracts]]"]
    assert starts
    assert [lines[i + 1] for i in starts if not lines[i - 1].startswith("#")] == []
