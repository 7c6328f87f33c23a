#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What one expects: a program that has an SQLite database open may show a file dialog; the database stays locked while a
# transaction is open.
# What happens: Qt's own file dialog (the one shown where the platform has none) opens, reads and closes each listed file
# whose ending it does not know, to name its type. Closing any descriptor of a file drops all POSIX locks that the process
# has on it, SQLite's too. In the folder below store.bfdb is written by an open transaction; once the dialog has listed the
# folder, a second process can lock the database for writing as well. The same database called store.csv keeps its lock.
# Versions: PySide6 6.4.2 (Qt 6.4.2, as in Debian 12) and 6.8.3, SQLite of Python's sqlite3. Exits with 1 when either
# behaves differently from this.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/check.py" <<'PY'
import os, pathlib, sqlite3, subprocess, sys, tempfile, time

os.environ["QT_QPA_PLATFORM"] = "offscreen"
import PySide6
from PySide6.QtWidgets import QApplication, QFileDialog

LOCK = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')"
application = QApplication([])
print("PySide6", PySide6.__version__, "SQLite", sqlite3.sqlite_version)
shut = {}
for name in ("store.bfdb", "store.csv"):
    folder = pathlib.Path(tempfile.mkdtemp(dir=sys.argv[1]))
    database = sqlite3.connect(folder / name, isolation_level=None)
    database.execute("CREATE TABLE runs (id INTEGER)")
    database.execute("BEGIN IMMEDIATE")
    database.execute("INSERT INTO runs VALUES (1)")

    def locked():
        return subprocess.run([sys.executable, "-c", LOCK, str(folder / name)], capture_output=True).returncode != 0

    before = locked()
    dialog = QFileDialog(None, "", str(folder))
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.show()
    end = time.monotonic() + 5
    while time.monotonic() < end:
        application.processEvents()
        time.sleep(0.01)
    dialog.close()
    shut[name] = (before, locked())
    print(f"  {name}: locked before the dialog {shut[name][0]}, after it {shut[name][1]}")
sys.stdout.flush()
os._exit(0 if shut == {"store.bfdb": (True, False), "store.csv": (True, True)} else 1)
PY
for version in 6.4.2 6.8.3; do
  python3 -m venv "$work/env-$version"
  "$work/env-$version/bin/pip" install -q "PySide6-Essentials==$version" "shiboken6==$version"
  "$work/env-$version/bin/python" "$work/check.py" "$work"
done
