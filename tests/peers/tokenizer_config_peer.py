# SPDX-License-Identifier: GPL-3.0-or-later
"""What the installed transformers, and with --score lm-evaluation-harness on top of it, make of the folders below ROOT.

    PYTHON tokenizer_config_peer.py ROOT TEXTS.json [--score REQUESTS.json]

Prints one JSON object a line: the version, then one for each folder. "file" has the ids of tokenizer.json itself with the added
tokens of the class.
"""
import argparse
import json
import logging
import os
import pathlib
import sys

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["HF_HUB_OFFLINE"] = "1"

import transformers  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402
from transformers import AutoTokenizer  # noqa: E402

transformers.logging.set_verbosity_error()


def guarded(call):
    try:
        return call()
    except BaseException as error:  # the tokenizers package also panics
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        return {"error": f"{type(error).__name__}: {error}".strip().split("\n")[0][:300]}


def encode(tokenizer, texts):
    result = {"class": type(tokenizer).__name__, "bos": tokenizer.bos_token_id, "eos": tokenizer.eos_token_id}
    for name, special in (("plain", False), ("special", True)):
        result[name] = [tokenizer(text, add_special_tokens=special)["input_ids"] for text in texts]
    return result


def answer(folder, texts):
    made = {}

    def load():
        made["tokenizer"] = AutoTokenizer.from_pretrained(folder)
        return encode(made["tokenizer"], texts)

    result = guarded(load)
    if "tokenizer" in made and (folder / "tokenizer.json").exists():
        plain = Tokenizer.from_file(str(folder / "tokenizer.json"))
        plain.encode_special_tokens = made["tokenizer"].split_special_tokens
        for _, token in sorted(made["tokenizer"].added_tokens_decoder.items()):
            plain.add_tokens([token])
        result["file"] = [plain.encode(text, add_special_tokens=False).ids for text in texts]
    return result


def score(folder, requests):
    from lm_eval.api.instance import Instance
    from lm_eval.models.huggingface import HFLM

    model = HFLM(pretrained=str(folder), dtype="float32", batch_size=1, device="cpu")
    instances = [Instance("loglikelihood", {}, tuple(request), i) for i, request in enumerate(requests)]
    return {"scores": [value for value, _ in model.loglikelihood(instances, disable_tqdm=True)]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("texts", type=pathlib.Path)
    parser.add_argument("--score", type=pathlib.Path)
    options = parser.parse_args()
    out = os.fdopen(os.dup(1), "w")  # the packages print too
    os.dup2(2, 1)
    logging.disable(logging.WARNING)
    texts = json.loads(options.texts.read_text())
    print(json.dumps({"transformers": transformers.__version__}), file=out, flush=True)
    requests = json.loads(options.score.read_text()) if options.score else None
    for folder in sorted(options.root.iterdir()):
        result = guarded(lambda: score(folder, requests)) if requests else answer(folder, texts)
        print(json.dumps({"folder": folder.name, **result}), file=out, flush=True)


if __name__ == "__main__":
    main()
