#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes tests/data/cases again: python3 tests/data/make/make_cases.py [FOLDER]

Packages are those of tests/peers/requirements.txt, whose environment is made on first use; PEER_PYTHON names another
interpreter that has them.
"""
import importlib.metadata
import json
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PINNED = {"torch": "2.11.0", "transformers": "5.23.0", "tokenizers": "0.23.3", "lm_eval": "0.4.13"}


def main():
    for package, wanted in PINNED.items():
        found = importlib.metadata.version(package).split("+")[0]
        if found != wanted:
            sys.exit(f"{package} {found} is here, the cases are made with {wanted}")
    os.environ |= {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "TQDM_DISABLE": "1", "TOKENIZERS_PARALLELISM": "false"}
    import datasets
    import torch
    import transformers

    import models_made
    import scores_made
    import tokenizers_made

    datasets.disable_caching()
    datasets.disable_progress_bars()
    transformers.logging.set_verbosity_error()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE.parent / "cases").resolve()
    if root.exists():
        shutil.rmtree(root)
    root.mkdir(parents=True)
    kinds = set()
    for name, (kind, *_) in models_made.MODELS.items():
        print(models_made.make(name, root), flush=True)
        if kind in kinds:
            continue
        kinds.add(kind)
        lines = [json.dumps(line, ensure_ascii=False) + "\n" for line in
                 tokenizers_made.encodings(root / "models" / name / "safetensors")]
        (root / "models" / name / "tokens.jsonl").write_text("".join(lines))
    scores_made.write_tasks(root)
    for model, run, options in scores_made.RUNS:
        print(scores_made.run(root, model, run, options), flush=True)


if __name__ == "__main__":
    other = os.environ.get("PEER_PYTHON")
    if other and pathlib.Path(other).parent.parent != pathlib.Path(sys.prefix):
        sys.exit(subprocess.run([other, __file__, *sys.argv[1:]]).returncode)
    if not other:
        sys.path.insert(0, str(HERE.parent.parent / "peers"))
        import environment

        environment.enter(__file__)
    main()
