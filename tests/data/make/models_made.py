# SPDX-License-Identifier: GPL-3.0-or-later
"""Tiny checkpoints of every architecture, and the logits that transformers computes from them in fp32.

All parameters, norms and biases too, are random; then the model is trained for a moment on texts.corpus(), so that its
answers are not noise alone.
"""
import json
import shutil

import numpy
import torch
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

import texts
import tokenizers_made

POSITIONS = 64
PADDING_ROWS = 5  # the vocabulary of a model is often larger than its tokenizer's
STEPS = 150

SIZES = dict(hidden_size=24, num_hidden_layers=2, num_attention_heads=4, max_position_embeddings=POSITIONS)
LLAMA = dict(SIZES, model_type="llama", num_key_value_heads=2, intermediate_size=40)
LLAMA3 = dict(rope_type="llama3", rope_theta=5000.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=16)
YARN = dict(rope_type="yarn", rope_theta=10000.0, factor=4.0, original_max_position_embeddings=16)

# name: (tokenizer, storage, containers, config)
MODELS = {
    "gpt2": ("gpt2", "float16", ["safetensors", "bin"], dict(
        model_type="gpt2", n_embd=24, n_layer=2, n_head=3, n_positions=POSITIONS)),
    "gpt2-inverse-layer": ("gpt2", "bfloat16", ["safetensors"], dict(
        model_type="gpt2", n_embd=24, n_layer=3, n_head=2, n_positions=POSITIONS, n_inner=40,
        scale_attn_by_inverse_layer_idx=True, tie_word_embeddings=False)),
    "opt": ("opt", "float16", ["safetensors"], dict(
        SIZES, model_type="opt", ffn_dim=60, word_embed_proj_dim=24)),
    "opt-post-proj": ("opt", "float16", ["safetensors"], dict(
        SIZES, model_type="opt", ffn_dim=60, word_embed_proj_dim=16, do_layer_norm_before=False)),
    "neox": ("neox", "float16", ["safetensors", "sharded-safetensors"], dict(
        SIZES, model_type="gpt_neox", num_attention_heads=3, intermediate_size=60)),
    "neox-sequential": ("neox", "float32", ["safetensors"], dict(
        SIZES, model_type="gpt_neox", num_attention_heads=3, intermediate_size=60, use_parallel_residual=False, rotary_pct=1.0)),
    "bloom": ("bloom", "float16", ["safetensors", "sharded-bin"], dict(
        model_type="bloom", hidden_size=24, n_layer=2, n_head=3)),
    "llama-grouped-llama3-rope": ("llama3", "float16", ["safetensors"], dict(LLAMA, rope_parameters=LLAMA3)),
    "llama-linear-rope": ("llama2", "float16", ["safetensors"], dict(
        LLAMA, num_key_value_heads=1, tie_word_embeddings=True,
        rope_parameters=dict(rope_type="linear", factor=4.0, rope_theta=10000.0))),
    "llama-yarn-rope": ("llama2", "bfloat16", ["safetensors"], dict(
        LLAMA, head_dim=16, rope_parameters=YARN, attention_bias=True, mlp_bias=True)),
    "mistral-window-shorter": ("llama2", "float16", ["safetensors"], dict(LLAMA, model_type="mistral", sliding_window=7)),
    "mistral-window-longer": ("llama2", "float16", ["safetensors"], dict(LLAMA, model_type="mistral", sliding_window=100)),
    "ministral-layers": ("llama3", "float16", ["safetensors"], dict(
        LLAMA, model_type="ministral", sliding_window=9, head_dim=8, layer_types=["full_attention", "sliding_attention"])),
    "qwen2-biases-window": ("qwen", "float16", ["safetensors"], dict(
        LLAMA, model_type="qwen2", use_sliding_window=True, sliding_window=9, max_window_layers=1)),
    "qwen3-norms": ("qwen", "float16", ["safetensors"], dict(
        LLAMA, model_type="qwen3", head_dim=8, tie_word_embeddings=True)),
}


def randomise(model, generator):
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            norm = parameter.dim() == 1 and name.endswith("weight")
            spread = 0.2 if parameter.dim() == 1 else 1.0 / parameter.shape[-1] ** 0.5
            parameter.copy_(spread * noise + (1.0 if norm else 0.0))


def train(model, tokenizer, generator):
    ids = [i for line in texts.corpus() for i in tokenizer(line + "\n", add_special_tokens=False).input_ids]
    ids = torch.tensor(ids)
    optimizer = torch.optim.AdamW(model.parameters(), lr=4e-3)
    model.train()
    for _ in range(STEPS):
        starts = torch.randint(0, len(ids) - POSITIONS, (8,), generator=generator)
        batch = torch.stack([ids[s:s + POSITIONS] for s in starts.tolist()])
        optimizer.zero_grad()
        loss = model(batch, labels=batch).loss
        loss.backward()
        optimizer.step()
    return loss.item()


def containers(model, folder, forms):
    """The weights once in each container; the files of tokenizer and config are in folder/safetensors already."""
    tensors = {name: t.contiguous() for name, t in model.state_dict().items()}
    if model.config.tie_word_embeddings:
        tensors.pop("lm_head.weight", None)
    if model.config.model_type == "gpt_neox":
        tensors["embed_out.weight"] = tensors.pop("lm_head.weight")
    names = sorted(tensors)
    for form in forms:
        place = folder / form
        if form != "safetensors":
            shutil.copytree(folder / "safetensors", place, ignore=shutil.ignore_patterns("*.safetensors"))
        safe = form.endswith("safetensors")
        stem, ending = ("model", "safetensors") if safe else ("pytorch_model", "bin")
        count = 2 if form.startswith("sharded") else 1
        weight_map = {}
        for shard in range(count):
            part = {name: tensors[name] for name in names[shard::count]}
            file = f"{stem}.{ending}" if count == 1 else f"{stem}-{shard + 1:05d}-of-{count:05d}.{ending}"
            if safe:
                save_file(part, place / file, {"format": "pt"})
            else:
                torch.save(part, place / file)
            weight_map |= {name: file for name in part}
        if count > 1:
            index = dict(metadata=dict(total_size=sum(t.nbytes for t in tensors.values())), weight_map=weight_map)
            (place / f"{stem}.{ending}.index.json").write_text(json.dumps(index))


def write_logits(folder, tokenizer):
    """ref/: ids, logits in fp32 (all rows of the first prompt, the last 3 of the others), and how far fp64 is from them."""
    place = folder / "ref"
    place.mkdir()
    model = AutoModelForCausalLM.from_pretrained(folder / "safetensors", dtype=torch.float32, attn_implementation="eager").eval()
    double = AutoModelForCausalLM.from_pretrained(folder / "safetensors", dtype=torch.float64, attn_implementation="eager").eval()
    report = []
    for i, prompt in enumerate(texts.PROMPTS):
        ids = tokenizer(prompt).input_ids[:POSITIONS]
        rows = len(ids) if i == 0 else 3
        with torch.no_grad():
            logits = model(torch.tensor([ids])).logits[0]
            exact = double(torch.tensor([ids])).logits[0]
        numpy.save(place / f"ids_{i}.npy", numpy.array(ids, dtype=numpy.int64))
        numpy.save(place / f"logits_{i}.npy", logits[-rows:].numpy().copy())
        report.append(dict(prompt=prompt, tokens=len(ids), rows=rows, largest=round(logits.abs().max().item(), 3),
                           fp32_from_fp64=float(f"{(logits - exact).abs().max().item():.2g}")))
    (place / "prompts.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    return max(p["fp32_from_fp64"] for p in report)


def make(name, root):
    """Writes models/<name> and returns one line about it."""
    kind, storage, forms, options = MODELS[name]
    folder = root / "models" / name
    (folder / "safetensors").mkdir(parents=True)
    tokenizers_made.KINDS[kind](folder / "safetensors")
    (folder / "safetensors" / "config.json").write_text(json.dumps(dict(model_type=options["model_type"])))
    tokenizer = AutoTokenizer.from_pretrained(folder / "safetensors")
    bos = tokenizer.bos_token_id if tokenizer.bos_token_id is not None else tokenizer.eos_token_id
    config = AutoConfig.for_model(**options, vocab_size=len(tokenizer) + PADDING_ROWS, bos_token_id=bos,
                                  eos_token_id=tokenizer.eos_token_id, pad_token_id=None)
    generator = torch.Generator().manual_seed(sum(name.encode()))
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32, attn_implementation="eager")
    randomise(model, generator)
    loss = train(model, tokenizer, generator)
    model = model.to(getattr(torch, storage))
    model.config.save_pretrained(folder / "safetensors")
    written = json.loads((folder / "safetensors" / "config.json").read_text())
    written["dtype"] = storage
    (folder / "safetensors" / "config.json").write_text(json.dumps(written, indent=1) + "\n")
    containers(model, folder, forms)
    return f"{name}: {len(tokenizer)} tokens, loss {loss:.2f}, fp32 is {write_logits(folder, tokenizer):.1e} from fp64"
