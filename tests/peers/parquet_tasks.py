#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Task files as the hub ships them against the same rows as lines of JSON.

Writes the rows of BITFRONTIER_CASES/tasks as Parquet with the `datasets` package, as the hub does, and with pyarrow in
other forms: each compression, small row groups, pages of both versions, with and without dictionaries, large strings.
`bitfrontier eval --samples` must give the same requests, scores and metrics as for the lines of JSON.

    python3 tests/peers/parquet_tasks.py build/release/bin/bitfrontier [MODEL]
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import environment

ROOT = environment.HERE.parent.parent
environment.enter(__file__)

import datasets  # noqa: E402
import pyarrow  # noqa: E402
import pyarrow.parquet  # noqa: E402

TASKS = {"arc": "arc_easy", "hellaswag": "hellaswag", "lambada": "lambada", "piqa": "piqa", "wikitext": "wikitext",
         "winogrande": "winogrande"}
FORMS = {
    "snappy": {"compression": "snappy"},
    "zstd, rows in groups of 7": {"compression": "zstd", "row_group_size": 7},
    "gzip, pages of version 2": {"compression": "gzip", "data_page_version": "2.0"},
    "brotli, no dictionary": {"compression": "brotli", "use_dictionary": False},
    "none, format 1.0": {"compression": "none", "version": "1.0"},
    "lz4, small pages": {"compression": "lz4", "data_page_size": 512},
}


def large(kind):
    """The type with 64-bit offsets."""
    if pyarrow.types.is_string(kind):
        return pyarrow.large_string()
    if pyarrow.types.is_list(kind):
        return pyarrow.large_list(large(kind.value_type))
    if pyarrow.types.is_struct(kind):
        return pyarrow.struct([(field.name, large(field.type)) for field in kind])
    return kind


def evaluate(program, model, task, path):
    done = subprocess.run([program, "eval", "--model", model, "--tasks", f"{task}={path}", "--json", "--samples", "--quiet",
                           "--items", "12", "--bootstrap", "0"], capture_output=True, text=True)
    if done.returncode != 0:
        return done.stderr.strip()
    answer = json.loads(done.stdout)
    return json.dumps([answer["results"], answer["samples"]], sort_keys=True).replace(path.stem, "FILE")


def main():
    program, model = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else str(ROOT / "resources" / "pocket" / "pocket-neox-2")
    cases = pathlib.Path(os.environ.get("BITFRONTIER_CASES", ROOT.parent / "shared" / "cases")) / "tasks"
    if not cases.is_dir():
        sys.exit("BITFRONTIER_CASES names no folder with tasks")
    failures = compared = 0
    with tempfile.TemporaryDirectory() as place:
        for name, task in TASKS.items():
            wanted = evaluate(program, model, task, cases / f"{name}.jsonl")
            if not wanted.startswith("["):
                sys.exit(f"{name}.jsonl: {wanted}")
            rows = datasets.Dataset.from_json(str(cases / f"{name}.jsonl"), cache_dir=place)
            path = pathlib.Path(place) / f"{name}.parquet"
            table = rows.data.table
            writers = {"datasets": lambda: rows.to_parquet(str(path))}
            for form, options in FORMS.items():
                writers[form] = lambda options=options: pyarrow.parquet.write_table(table, path, **options)
            wide = pyarrow.schema([(field.name, large(field.type)) for field in table.schema])
            writers["large strings"] = lambda: pyarrow.parquet.write_table(table.cast(wide), path)
            for form, write in writers.items():
                write()
                got = evaluate(program, model, task, path)
                compared += 1
                if got != wanted:
                    failures += 1
                    print(f"DIFFERS {name}, {form}: {got[:300]}\n  wanted {wanted[:300]}")
    print(f"datasets {datasets.__version__}, pyarrow {pyarrow.__version__}: {len(TASKS)} tasks, {compared} files of Parquet: "
          f"{failures} differ from the lines of JSON")
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
