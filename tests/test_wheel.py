"""What a user gets: the wheel, in an environment of its own, without the checkout or any development dependency."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The `bin` of an environment that holds the wheel and what it depends on."""
    folder = tmp_path_factory.mktemp("wheel")
    built = folder / "dist"
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--outdir", built, ROOT], check=True, capture_output=True)
    (wheel,) = built.glob("*.whl")
    venv.create(folder / "env", with_pip=True)
    bin_ = folder / "env" / "bin"
    subprocess.run([bin_ / "python", "-m", "pip", "install", "--quiet", wheel], check=True, capture_output=True)
    return bin_


def run(*arguments, cwd):
    return subprocess.run(list(map(str, arguments)), cwd=cwd, capture_output=True, text=True, check=False)


def test_it_runs_and_finds_its_suites(installed, tmp_path):
    """In an empty folder, so that nothing of the checkout can help."""
    assert "audit" in run(installed / "corpusqa", "--help", cwd=tmp_path).stdout
    done = run(installed / "corpusqa", "audit", ROOT / "sample_data", "-o", "run", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "run" / "report.html").stat().st_size > 10_000
    assert run(installed / "corpusqa", "gate", "run", cwd=tmp_path).returncode == 1


def test_it_is_the_package_of_the_wheel_and_typed(installed, tmp_path):
    code = "import corpusqa, pathlib; print(pathlib.Path(corpusqa.__file__).parent)"
    package = Path(run(installed / "python", "-c", code, cwd=tmp_path).stdout.strip())
    assert ROOT not in package.parents
    assert (package / "py.typed").is_file()


def test_it_needs_no_development_dependency(installed, tmp_path):
    listed = run(installed / "python", "-m", "pip", "list", "--format", "freeze", cwd=tmp_path).stdout
    assert not {"pytest", "hypothesis", "ruff", "mypy", "selenium"} & {
        line.partition("==")[0] for line in listed.split()
    }
