#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tries every key of config.json in transformers and in bitfrontier, one at a time.

For each model type a small checkpoint is made. Then each key that the configuration class of transformers knows, that
its model code reads, that a reference file holds or that is listed below gets other values, and the log-likelihoods of
a few requests of random ids are compared. What must come out: the same numbers, or a refusal that names the key.
A key that changes transformers' numbers and not ours is DROPPED, the fault that this script looks for.

    python3 tests/peers/config_keys.py build/release/bin/bitfrontier [part of a model type]

The environment variable PEER_PYTHON names another interpreter, with another version of transformers, to compare with.
"""
import dataclasses
import inspect
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import environment

BOUND = 5e-4
SMALL = dict(vocab_size=120, bos_token_id=0, eos_token_id=0, dtype="float32")
SIZES = dict(hidden_size=32, num_hidden_layers=3, num_attention_heads=4, max_position_embeddings=48)
LLAMA = dict(SMALL, **SIZES, num_key_value_heads=2, head_dim=8, intermediate_size=40)
TYPES = {
    "gpt2": dict(SMALL, n_embd=32, n_layer=3, n_head=4, n_positions=48),
    "opt": dict(SMALL, **SIZES, ffn_dim=40, word_embed_proj_dim=32, pad_token_id=1),
    "gpt_neox": dict(SMALL, **SIZES, intermediate_size=40),
    "bloom": dict(SMALL, hidden_size=32, n_layer=3, n_head=4),
    "llama": LLAMA,
    "mistral": dict(LLAMA, sliding_window=9),
    "ministral": dict(LLAMA, sliding_window=9, layer_types=["full_attention", "sliding_attention", "full_attention"]),
    "qwen2": dict(LLAMA, use_sliding_window=True, sliding_window=9, max_window_layers=1),
    "qwen3": dict(LLAMA, use_sliding_window=True, sliding_window=9, max_window_layers=1),
}
# Other spellings that people's files have, and keys of neighbouring families.
EXTRA = """n_ctx n_positions n_embed n_embd n_layer n_head n_inner hidden_size num_hidden_layers num_attention_heads
head_dim intermediate_size max_position_embeddings is_causal layer_types sliding_window use_sliding_window
max_window_layers attention_chunk_size rope_theta rope_scaling rope_parameters rotary_pct rotary_emb_base
partial_rotary_factor original_max_position_embeddings attention_bias mlp_bias qk_layernorm use_qk_norm alibi
use_alibi position_embedding_type logits_scaling residual_multiplier embedding_multiplier attention_multiplier
final_logit_softcapping attn_logit_softcapping no_rope_layers scale_embedding normalize_before per_layer_config
pruned_heads tie_encoder_decoder text_config fusion_config transformers_weights attn_implementation auto_map
attention_dropout resid_pdrop embd_pdrop attn_pdrop hidden_dropout dropout pretraining_tp slow_but_exact""".split()
LAYERS = ["sliding_attention", "full_attention", "sliding_attention"]
VALUES = {
    "layer_types": [LAYERS, ["full_attention"] * 3],
    "rope_scaling": [{"rope_type": "linear", "factor": 2.5}, {"type": "dynamic", "factor": 2.0},
                     {"rope_type": "yarn", "factor": 3.0, "original_max_position_embeddings": 16}, {}],
    "rope_parameters": [{"rope_type": "default", "rope_theta": 77.0}, {"rope_type": "linear", "factor": 2.0},
                        {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                         "original_max_position_embeddings": 16, "rope_theta": 50.0}],
    "hidden_act": ["relu", "swish", "gelu_python", "relu2", "quick_gelu", "mish", "gelu_10", "leaky_relu"],
    "activation_function": ["relu", "swish", "gelu_fast", "gelu_accurate", "tanh"],
    "is_causal": [False, True, None],
    "per_layer_config": [{"0": {"sliding_window": 4}}, {}],
    "pruned_heads": [{"0": [1]}],
    "attn_implementation": ["eager", "sdpa"],
    "text_config": [{"hidden_size": 32}],
    "transformers_weights": ["other.safetensors"],
    "problem_type": ["regression"],
    "dtype": ["float32"], "torch_dtype": ["float32"],
    "quantization_config": [{"quant_method": "gptq", "bits": 4}],
    "id2label": [{"0": "a", "1": "b", "2": "c"}], "label2id": [{"a": 0}],
    "sliding_window": [4, None],
    "num_labels": [5],
    # Longer than the requests: where there is no table of positions they only cut contexts, as in the harness.
    "n_positions": [64], "n_ctx": [64], "max_position_embeddings": [64],
    # Values that transformers' own types refuse are of no use.
    "pad_token_id": [2], "n_embed": [], "fusion_config": [], "return_dict": [], "_attn_implementation": [],
    "auto_map": [{"AutoConfig": "code.Config"}], "summary_activation": ["tanh"], "rope_theta": [77.0],
    "rotary_pct": [0.5, 1.0], "rotary_emb_base": [77.0], "partial_rotary_factor": [0.5, 1.0],
}
PAIRS = [  # several keys at once
    dict(rope_parameters={"rope_type": "default", "rope_theta": 5000.0}, rope_scaling={"rope_type": "linear", "factor": 4.0}),
    dict(rope_parameters=None, rope_theta=50.0, rope_scaling={"type": "linear", "factor": 4.0}),
    dict(rope_parameters=None, rope_theta=50.0, rotary_emb_base=70.0, rotary_pct=0.5, partial_rotary_factor=1.0),
    dict(rope_scaling={"type": "linear", "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
                       "high_freq_factor": 4.0}, original_max_position_embeddings=16),
    dict(rope_scaling={"rope_type": "linear", "factor": 2.0, "rope_theta": 60.0}, rope_theta=50.0),
    dict(rope_scaling={"rope_type": "linear", "factor": 2.0}, partial_rotary_factor=0.5),
    dict(rope_scaling={"rope_type": "dynamic", "factor": 2.0, "original_max_position_embeddings": 16}),
    dict(rope_scaling={"rope_type": "yarn", "factor": 2.0, "original_max_position_embeddings": 16, "beta_fast": 4.0,
                       "beta_slow": 2.0, "truncate": False}),
    dict(rope_scaling={"rope_type": "longrope", "factor": 2.0, "short_factor": [1.0] * 4, "long_factor": [2.0] * 4}),
    dict(layer_types=["full_attention"] * 3, sliding_window=4),
    dict(layer_types=None, sliding_window=4),
    dict(hidden_size=32, n_embd=16, num_hidden_layers=3, n_layer=2, num_attention_heads=4, n_head=2),
    dict(n_positions=48, max_position_embeddings=48, n_ctx=64),
]
# Where versions 4 and 5 of transformers differ we follow 5; what 4 makes of these keys is printed and no fault.
OTHER_IN_4 = {"rope_parameters": "4 does not read it", "tie_word_embeddings": "4 drops the head that the file has"}


def other_in_4(key, value):
    if key == "rope_scaling" and isinstance(value, dict) and {"type", "rope_type"} <= set(value):
        return "4 goes by type, 5 by rope_type"
    return OTHER_IN_4.get(key)


SKIPPED = {"model_type", "vocab_size", "transformers_version", "architectures"}


def keys_of(config_class, modelling, references):
    names = set(EXTRA) | set(references)
    if dataclasses.is_dataclass(config_class):
        names |= {f.name for f in dataclasses.fields(config_class)}
    for cls in config_class.__mro__[:-1]:
        if "__init__" in vars(cls) and not dataclasses.is_dataclass(cls):
            names |= set(inspect.signature(cls.__init__).parameters) - {"self", "kwargs", "args"}
    names |= set(re.findall(r"config\.([a-z_][a-z_0-9]*)", modelling))
    names |= set(re.findall(r"getattr\((?:self\.)?config, *\"([a-z_0-9]+)\"", modelling))
    return sorted(n for n in names - SKIPPED if not hasattr(config_class, n) or not callable(getattr(config_class, n)))


def values_for(key, now):
    if key in VALUES:
        return VALUES[key]
    if isinstance(now, bool):
        return [not now]
    if isinstance(now, int):
        return [now * 2 if now else 3]
    if isinstance(now, float):
        return [now * 3 if now else 0.4]
    if isinstance(now, str):
        return ["odd"]
    return [True, 3]


def requests():
    import random

    rng = random.Random(7)
    for length in (5, 17, 40):
        ids = [rng.randrange(3, 120) for _ in range(length)]
        yield ids[:-3], ids[-3:]


def theirs(folder):
    """Log-likelihoods by transformers, or the error."""
    import torch
    from transformers import AutoModelForCausalLM

    try:
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
        result = []
        for context, continuation in requests():
            ids = context + continuation
            with torch.no_grad():
                out = model(torch.tensor([ids]))
                rows = (out.logits if hasattr(out, "logits") else out[0])[0].double().log_softmax(-1)
            result.append(sum(rows[len(context) + i - 1, t].item() for i, t in enumerate(continuation)))
        return result, ""
    except Exception as error:  # noqa: BLE001: whatever it is, the file is not opened
        return None, f"{type(error).__name__}: {error}".splitlines()[0]


def ours(program, folder):
    text = "".join(json.dumps(dict(context_ids=c, continuation_ids=t)) + "\n" for c, t in requests())
    run = subprocess.run([program, "score", "--model", str(folder), "--device", "cpu"], input=text, capture_output=True,
                         text=True)
    if run.returncode != 0:
        return None, run.stderr.strip().splitlines()[-1]
    return [json.loads(line)["loglikelihood"] for line in run.stdout.splitlines()], run.stderr


def write_tokenizer(folder):
    vocabulary = {"<e>": 0, "a": 1, "b": 2}
    (folder / "tokenizer.json").write_text(json.dumps(
        {"version": "1.0", "added_tokens": [{"id": 0, "content": "<e>", "special": True}], "normalizer": None,
         "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
         "post_processor": None, "decoder": {"type": "ByteLevel"},
         "model": {"type": "BPE", "vocab": vocabulary, "merges": []}}))
    (folder / "tokenizer_config.json").write_text(json.dumps(
        {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<e>", "eos_token": "<e>"}))


def off(a, b):
    return max(abs(x - y) for x, y in zip(a, b))


def try_type(program, kind, plain, references):
    import fresh_checkpoints
    import torch
    import transformers
    from safetensors.torch import save_file
    from transformers import AutoConfig, AutoModelForCausalLM

    folder = pathlib.Path(tempfile.mkdtemp(prefix=f"keys_{kind}_"))
    bad = []
    try:
        config = AutoConfig.for_model(kind, **plain)
        model = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
        fresh_checkpoints.randomise(model, torch.Generator().manual_seed(3))
        tensors = {name: t.contiguous() for name, t in model.state_dict().items()}
        if config.tie_word_embeddings:
            tensors.pop("lm_head.weight", None)
        save_file(tensors, folder / "model.safetensors", {"format": "pt"})
        write_tokenizer(folder)
        base = dict(plain, model_type=kind)
        source = inspect.getsource(inspect.getmodule(type(model))) + inspect.getsource(transformers.masking_utils)
        counts = dict.fromkeys(["same", "no effect", "refused", "both refuse", "only ours opens", "other in 4"], 0)

        def compare(label, changed, key):
            (folder / "config.json").write_text(json.dumps(changed, indent=1))
            want, error = theirs(folder)
            got, message = ours(program, folder)
            if want is None and got is None:
                counts["both refuse"] += 1
            elif want is None:
                counts["only ours opens"] += 1
                print(f"  {label}: only ours opens it ({error[:90]})")
            elif got is None:
                counts["refused"] += 1
                # A size that the weights do not have is named by the tensor.
                if key not in message and "tensor" not in message:
                    bad.append(label)
                    print(f"  {label}: refused without its name: {message}")
            elif off(want, got) <= BOUND:
                counts["same" if off(want, before) > BOUND else "no effect"] += 1
            elif transformers.__version__.startswith("4.") and other_in_4(key, changed[key]):
                counts["other in 4"] += 1
                print(f"  {label}: {other_in_4(key, changed[key])}, {off(want, got):.3f} nats off")
            else:
                bad.append(label)
                print(f"  {label}: DROPPED, {off(want, got):.3f} nats off ({off(want, before):.3f} from the plain file)")

        (folder / "config.json").write_text(json.dumps(base, indent=1))
        before, error = theirs(folder)
        got, message = ours(program, folder)
        assert before and got and off(before, got) <= BOUND, (kind, error, message)
        for key in keys_of(type(config), source, references):
            for value in values_for(key, getattr(config, key, None) if hasattr(config, key) else base.get(key)):
                compare(f"{kind} {key}={json.dumps(value)}", dict(base, **{key: value}), key)
        for pair in PAIRS:
            compare(f"{kind} {json.dumps(pair)}", dict(base, **pair), next(iter(pair)))
        print(f"{kind}: " + ", ".join(f"{n} {what}" for what, n in counts.items()) + f", {len(bad)} bad", flush=True)
        return bad
    finally:
        shutil.rmtree(folder)


def main():
    import logging
    import warnings

    import torch
    import transformers

    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    torch.set_num_threads(1)
    program = str(pathlib.Path(sys.argv[1]).resolve())
    part = sys.argv[2] if len(sys.argv) > 2 else ""
    cases = pathlib.Path(os.environ.get("BITFRONTIER_CASES", "../shared/cases")) / "configs-transformers-5.23"
    references = set()
    for file in sorted(cases.glob("*.json")):
        config = json.loads(file.read_text())
        if config["model_type"] in TYPES:
            references |= set(config)
    print(f"transformers {transformers.__version__}, torch {torch.__version__}, bound {BOUND:g} nats a request")
    bad = [b for kind, plain in TYPES.items() if part in kind for b in try_type(program, kind, plain, references)]
    print("no key is dropped" if not bad else f"{len(bad)} faults")
    sys.exit(bool(bad))


if __name__ == "__main__":
    other = os.environ.get("PEER_PYTHON")
    if other and pathlib.Path(other).parent.parent != pathlib.Path(sys.prefix):
        sys.exit(subprocess.run([other, __file__, *sys.argv[1:]]).returncode)
    if not other:
        environment.enter(__file__)
    main()
