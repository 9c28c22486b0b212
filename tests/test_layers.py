"""Data flows one way, and so do imports: a module imports only from rooms before its own."""

import ast
from pathlib import Path

import pytest

import corpusqa

PACKAGE = Path(corpusqa.__file__).parent
#: The rooms in the order in which data passes them; rooms on one line do not know of one another.
LAYERS = (
    {"errors", "memory"},
    {"kernels"},
    {"texts", "tables", "stages", "cuts", "patching", "endings"},
    {"config", "anchors", "beginnings"},
    {"read", "segment", "fingerprint", "rules", "teasers", "dividers", "expressions", "drift"},
    {"repeats", "screening", "metrics", "bands", "slots", "specific"},
    {"residue"},
    {"sets", "matching", "glued"},
    {"crowds", "containment"},
    {"cluster"},
    {"identity", "parts"},
    {"boilerplate", "templates", "duplicates"},
    {"approval"},
    {"annotate", "context", "kept"},
    {"passes", "furniture"},
    {"run", "workers", "compiling"},
    {"gating"},
    {"manifest", "curation"},
    {"report"},
    {"differences", "explain", "spread"},
    {"comparison"},
    {"flow"},
    {"cli"},
    {"__main__"},
)
LEVEL = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}


def room_of(module: Path) -> str:
    """The first name below the package."""
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(module: Path) -> set[str]:
    """The rooms that a module imports when it is loaded or later, but for those it only names in types."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    typing_only = {
        id(node)
        for guard in ast.walk(tree)
        if isinstance(guard, ast.If) and ast.unparse(guard.test) == "TYPE_CHECKING"
        for node in ast.walk(guard)
    }
    rooms = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and id(node) not in typing_only:
            first, _, rest = node.module.partition(".")
            if first == "corpusqa":
                rooms |= {rest.partition(".")[0]} if rest else {alias.name for alias in node.names}
    return rooms - {"__version__"}


MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if path.parent != PACKAGE or path.name != "__init__.py"]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_flow_one_way(module):
    room = room_of(module)
    backwards = {other for other in imported_rooms(module) if other != room and LEVEL[other] >= LEVEL[room]}
    assert not backwards


@pytest.mark.parametrize(
    ("library", "room"),
    [
        ("numba", "kernels"),
        ("great_expectations", "gating"),
        ("click", "cli"),
        ("jinja2", "report"),
        ("loky", "workers"),
    ],
)
def test_heavy_libraries_come_in_by_one_door(library, room):
    users = {
        room_of(path)
        for path in MODULES
        if f"import {library}" in path.read_text() or f"from {library}" in path.read_text()
    }
    assert users == {room}


def test_no_module_has_the_name_of_a_public_function():
    """With lazy imports, the module would take the function's place."""
    names = {room_of(path) for path in MODULES}
    assert not names & set(corpusqa.__all__)
