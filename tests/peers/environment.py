# SPDX-License-Identifier: GPL-3.0-or-later
"""The virtual environments of the scripts beside this file: folders ignored by git, made on first use."""
import pathlib
import subprocess
import sys
import venv

HERE = pathlib.Path(__file__).resolve().parent


def enter(script, name=""):
    """Goes on only inside the environment of requirements<name>.txt; elsewhere runs `script` in it and ends with its status."""
    folder = HERE / f".venv{name}"
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", HERE / f"requirements{name}.txt"], check=True)
    if pathlib.Path(sys.prefix) != folder:
        sys.exit(subprocess.run([python, script, *sys.argv[1:]]).returncode)
