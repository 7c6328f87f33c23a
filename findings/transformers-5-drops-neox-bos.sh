#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What one expects: a tokenizer saved with add_bos_token true puts the beginning-of-text token in front again when it is
# opened. Both files say so: tokenizer_config.json by the flag, tokenizer.json by its post-processor.
# What happens: transformers 5.23.0 drops add_bos_token and add_eos_token of tokenizer_config.json wherever there is a
# tokenizer.json, and GPTNeoXTokenizer then replaces the post-processor of the file by one made from the missing flags. A
# folder that 4.57.6 saved with both opens without a word and without either token; every log-likelihood of the model changes.
# Versions: transformers 5.23.0 with tokenizers 0.23.3, transformers 4.57.6 with tokenizers 0.22.1. Exits with 1 when either
# behaves differently from this.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/check.py" <<'PY'
import json, os, pathlib, sys

os.environ["HF_HUB_OFFLINE"] = "1"
import tokenizers, transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import AutoTokenizer

transformers.logging.set_verbosity_error()
major = int(transformers.__version__.split(".")[0])
print("transformers", transformers.__version__, "tokenizers", tokenizers.__version__)
root = pathlib.Path(sys.argv[1])
if major == 4:  # the first of the two writes the folder with its own save_pretrained
    plain = root / "plain"
    plain.mkdir()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    made = Tokenizer(models.BPE(vocab={token: i for i, token in enumerate(["<|endoftext|>", "<s>", *alphabet])}, merges=[]))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.add_special_tokens(["<|endoftext|>", "<s>"])
    made.save(str(plain / "tokenizer.json"))
    (plain / "config.json").write_text(json.dumps({"model_type": "gpt_neox"}))
    (plain / "tokenizer_config.json").write_text(json.dumps(
        {"tokenizer_class": "GPTNeoXTokenizer", "bos_token": "<s>", "add_bos_token": True}))
    AutoTokenizer.from_pretrained(plain).save_pretrained(root / "saved")
    (root / "saved" / "config.json").write_text(json.dumps({"model_type": "gpt_neox"}))
print("  add_bos_token in tokenizer_config.json:", json.loads((root / "saved/tokenizer_config.json").read_text())["add_bos_token"])
post = json.loads((root / "saved/tokenizer.json").read_text())["post_processor"]["single"]
print("  post-processor in tokenizer.json:", post[0])
tokens = AutoTokenizer.from_pretrained(root / "saved")("ab").tokens()
print("  'ab' becomes", tokens)
sys.exit(0 if tokens == (["<s>", "a", "b"] if major == 4 else ["a", "b"]) else 1)
PY
for pins in "transformers==4.57.6 tokenizers==0.22.1" "transformers==5.23.0 tokenizers==0.23.3"; do
  python3 -m venv "$work/env-${pins:14:1}"
  # shellcheck disable=SC2086
  "$work/env-${pins:14:1}/bin/pip" install -q $pins
  "$work/env-${pins:14:1}/bin/python" "$work/check.py" "$work"
done
