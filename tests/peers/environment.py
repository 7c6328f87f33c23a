# SPDX-License-Identifier: GPL-3.0-or-later
"""The virtual environments of the scripts beside this file: folders ignored by git, made on first use."""
import pathlib
import subprocess
import sys
import venv

HERE = pathlib.Path(__file__).resolve().parent


def python(name=""):
    """The interpreter of the environment of requirements<name>.txt, which is made where it is missing."""
    folder = HERE / f".venv{name}"
    path = folder / "bin" / "python"
    if not path.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([path, "-m", "pip", "install", "-q", "-r", HERE / f"requirements{name}.txt"], check=True)
    return path


def enter(script, name=""):
    """Goes on only inside the environment of requirements<name>.txt; elsewhere runs `script` in it and ends with its status."""
    path = python(name)
    if pathlib.Path(sys.prefix) != path.parent.parent:
        sys.exit(subprocess.run([path, script, *sys.argv[1:]]).returncode)
