#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What one expects: AutoTokenizer encodes as the folder's tokenizer.json says. Its pre-tokenizer cuts numbers into digits
# (Digits, then ByteLevel), which is how SmolLM and SmolLM2 were trained.
# What happens: where tokenizer_config.json names GPT2Tokenizer, as theirs does, transformers 5.23.0 builds a plain
# ByteLevel instead and says nothing. "2024" becomes one token, which the model has hardly ever seen; save_pretrained then
# writes a tokenizer.json without the Digits. transformers 4.57.6 cuts the digits, and 5.23.0 does with any of the names
# PreTrainedTokenizerFast and TokenizersBackend.
# Versions: transformers 5.23.0 with tokenizers 0.23.3, transformers 4.57.6 with tokenizers 0.22.1. Exits with 1 when either
# behaves differently from this.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/check.py" <<'PY'
import json, os, pathlib, sys

os.environ["HF_HUB_OFFLINE"] = "1"
import tokenizers, transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import AutoTokenizer

transformers.logging.set_verbosity_error()
major = int(transformers.__version__.split(".")[0])
print("transformers", transformers.__version__, "tokenizers", tokenizers.__version__)
folder = pathlib.Path(sys.argv[1]) / f"folder{major}"
folder.mkdir()
made = Tokenizer(models.BPE())
made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
made.train_from_iterator(["in 2024 and in 2023"] * 9, trainers.BpeTrainer(
    vocab_size=300, show_progress=False, special_tokens=["<|endoftext|>"],
    initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
made.pre_tokenizer = pre_tokenizers.Sequence(
    [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
made.decoder = decoders.ByteLevel()
made.save(str(folder / "tokenizer.json"))
(folder / "config.json").write_text(json.dumps({"model_type": "llama"}))
answers = {}
for name in ("GPT2Tokenizer", "PreTrainedTokenizerFast"):
    (folder / "tokenizer_config.json").write_text(json.dumps(
        {"tokenizer_class": name, "bos_token": "<|endoftext|>", "eos_token": "<|endoftext|>"}))
    tokenizer = AutoTokenizer.from_pretrained(folder)
    answers[name] = tokenizer.tokenize("in 2024")
    print(" ", name, answers[name])
    tokenizer.save_pretrained(folder / name)
    print("    saved:", json.loads((folder / name / "tokenizer.json").read_text())["pre_tokenizer"]["type"])
print("  tokenizer.json", made.encode("in 2024").tokens)
kept = answers["PreTrainedTokenizerFast"] == made.encode("in 2024").tokens
lost = answers["GPT2Tokenizer"] != made.encode("in 2024").tokens
sys.exit(0 if kept and lost == (major == 5) else 1)
PY
for pins in "transformers==5.23.0 tokenizers==0.23.3" "transformers==4.57.6 tokenizers==0.22.1"; do
  python3 -m venv "$work/env-${pins:14:1}"
  # shellcheck disable=SC2086
  "$work/env-${pins:14:1}/bin/pip" install -q $pins
  "$work/env-${pins:14:1}/bin/python" "$work/check.py" "$work"
done
