# SPDX-License-Identifier: GPL-3.0-or-later
"""The virtual environment of the scripts beside this file: a folder ignored by git, made on first use."""
import pathlib
import subprocess
import sys
import venv

HERE = pathlib.Path(__file__).resolve().parent


def enter(script):
    """Goes on only inside the environment; elsewhere runs `script` in it and ends with its status."""
    folder = HERE / ".venv"
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", HERE / "requirements.txt"], check=True)
    if pathlib.Path(sys.prefix) != folder:
        sys.exit(subprocess.run([python, script, *sys.argv[1:]]).returncode)
