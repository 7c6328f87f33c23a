#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What one expects: a Llama whose config.json says partial_rotary_factor 0.5 rotates half of each head, as GPT-NeoX, Phi and
# StableLM do by that key, or says that it cannot.
# What happens: transformers 5.23.0 keeps the key in rope_parameters and rotates whole heads with the default rope_type, without a
# word, so logits are those of the config without the key. transformers 4.57.6 stops in the first forward pass, as the rotation
# has half the size of the head.
# Versions: transformers 5.23.0 with tokenizers 0.23.3 and transformers 4.57.6 with tokenizers 0.22.1, both with torch 2.11.0.
# Exits with 1 when either behaves differently from this. Downloads about 2 GB.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/check.py" <<'PY'
import os, sys

os.environ["HF_HUB_OFFLINE"] = "1"
import torch, transformers
from transformers import LlamaConfig, LlamaForCausalLM

transformers.logging.set_verbosity_error()
major = int(transformers.__version__.split(".")[0])
print("transformers", transformers.__version__, "torch", torch.__version__)


def logits(**keys):
    torch.manual_seed(1)
    config = LlamaConfig(vocab_size=64, hidden_size=32, intermediate_size=48, num_hidden_layers=2,
                         num_attention_heads=2, num_key_value_heads=2, **keys)
    model = LlamaForCausalLM(config).eval()
    with torch.no_grad():
        return model(torch.arange(1, 20)[None]).logits, model.model.rotary_emb.inv_freq.numel()


whole, frequencies = logits()
print("  without the key:", frequencies, "frequencies for heads of 16")
try:
    half, frequencies = logits(partial_rotary_factor=0.5)
    same = bool(torch.equal(whole, half))
    print("  with 0.5:", frequencies, "frequencies; logits are", "the same" if same else "others")
    sys.exit(0 if major == 5 and same and frequencies == 8 else 1)
except RuntimeError as error:
    print("  with 0.5: RuntimeError:", str(error)[:70])
    sys.exit(0 if major == 4 else 1)
PY
for pins in "transformers==5.23.0 tokenizers==0.23.3" "transformers==4.57.6 tokenizers==0.22.1"; do
  python3 -m venv "$work/env"
  # shellcheck disable=SC2086
  "$work/env/bin/pip" install -q --no-cache-dir $pins torch==2.11.0
  "$work/env/bin/python" "$work/check.py"
  rm -rf "$work/env"
done
