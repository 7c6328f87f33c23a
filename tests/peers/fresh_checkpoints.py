#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes fresh random checkpoints of every family with odd options and compares our numbers with other people's.

For each checkpoint, through `bitfrontier score`:
  - log-probabilities of every token of the vocabulary at three places of a full context, and log-likelihoods and
    greediness of requests of random ids, against transformers in fp32;
  - log-likelihoods of text pairs, tokenized by each side itself, against lm-evaluation-harness.
Two of each kind of storage are among them: fp32, fp16, bf16; safetensors, sharded safetensors, .bin; with and without
base prefixes and old buffers.

    python3 tests/peers/fresh_checkpoints.py build/release/bin/bitfrontier [part of a name] [seed]
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import environment

VOCABULARY = 300  # bytes, specials, and some rows that no token uses
POSITIONS = 48
LOGPROB_BOUND, LIKELIHOOD_BOUND = 1e-4, 5e-4

GPT2 = dict(model_type="gpt2", n_embd=48, n_layer=3, n_head=4, n_positions=POSITIONS, bos_token_id=0, eos_token_id=0)
OPT = dict(model_type="opt", hidden_size=48, num_hidden_layers=3, num_attention_heads=4, ffn_dim=100,
           max_position_embeddings=POSITIONS, word_embed_proj_dim=48, bos_token_id=0, eos_token_id=0, pad_token_id=1)
NEOX = dict(model_type="gpt_neox", hidden_size=48, num_hidden_layers=3, num_attention_heads=3, intermediate_size=100,
            max_position_embeddings=POSITIONS, bos_token_id=0, eos_token_id=0)
BLOOM = dict(model_type="bloom", hidden_size=60, n_layer=3, n_head=4, bos_token_id=0, eos_token_id=0, pad_token_id=3)
LLAMA = dict(model_type="llama", hidden_size=48, num_hidden_layers=3, num_attention_heads=6, num_key_value_heads=2,
             intermediate_size=80, max_position_embeddings=POSITIONS, bos_token_id=0, eos_token_id=0)
LLAMA3_ROPE = dict(rope_type="llama3", rope_theta=500000.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                   original_max_position_embeddings=16)


YARN_ROPE = dict(rope_type="yarn", rope_theta=10000.0, factor=4.0, original_max_position_embeddings=12)


def case(name, base, storage="float32", form="safetensors", bare=False, buffers=False, written=None, wrapper="",
         **options):
    """bare: names without the base prefix; buffers: masks and tables that old files carry; written: keys put into
    config.json as they are, beside what transformers writes; wrapper: what all names begin with."""
    return dict(name=name, config={**base, **options}, storage=storage, form=form, bare=bare, buffers=buffers,
                written=written or {}, wrapper=wrapper)


CASES = [
    case("gpt2", GPT2),
    case("gpt2-inverse-layer", GPT2, scale_attn_by_inverse_layer_idx=True, reorder_and_upcast_attn=True),
    case("gpt2-unscaled-untied", GPT2, scale_attn_weights=False, tie_word_embeddings=False, n_inner=77, form="bin"),
    case("gpt2-relu-one-head-fp16", GPT2, n_head=1, activation_function="relu", storage="float16", form="sharded"),
    case("gpt2-old-names", GPT2, bare=True, buffers=True, storage="bfloat16"),
    case("opt", OPT),
    case("opt-post-norm-projected", OPT, do_layer_norm_before=False, word_embed_proj_dim=20, form="sharded-bin"),
    case("opt-pre-norm-projected", OPT, word_embed_proj_dim=64, storage="float16"),
    case("opt-no-final-norm", OPT, _remove_final_layer_norm=True, form="bin"),
    case("opt-no-biases", OPT, enable_bias=False, activation_function="gelu"),
    case("opt-norms-without-weights", OPT, layer_norm_elementwise_affine=False, tie_word_embeddings=False),
    case("opt-old-names-bf16", OPT, bare=True, storage="bfloat16", num_attention_heads=3),
    case("neox", NEOX),
    case("neox-sequential-full-rotary", NEOX, use_parallel_residual=False, rotary_pct=1.0, storage="float16"),
    case("neox-no-attention-bias", NEOX, attention_bias=False, rotary_pct=0.5, hidden_act="gelu_fast", form="bin"),
    case("neox-tied-linear-rope", NEOX, tie_word_embeddings=True,
         rope_parameters=dict(rope_type="linear", factor=2.5, rope_theta=5000.0, partial_rotary_factor=0.75)),
    case("neox-buffers-bf16", NEOX, buffers=True, storage="bfloat16", rotary_emb_base=20000, form="sharded"),
    case("bloom", BLOOM),
    case("bloom-3-heads", BLOOM, n_head=3, form="bin"),
    case("bloom-5-heads-fp16", BLOOM, n_head=5, storage="float16"),
    case("bloom-12-heads-post-norm-residual", BLOOM, n_head=12, apply_residual_connection_post_layernorm=True),
    case("bloom-1-head-old-names", BLOOM, n_head=1, bare=True, form="sharded-bin"),
    case("bloom-untied-bf16", BLOOM, n_head=6, tie_word_embeddings=False, storage="bfloat16", form="sharded"),
    case("llama", LLAMA),
    case("llama-biases", LLAMA, attention_bias=True, mlp_bias=True, num_key_value_heads=6, form="bin"),
    case("llama-3-rope-tied", LLAMA, rope_parameters=LLAMA3_ROPE, tie_word_embeddings=True, storage="bfloat16"),
    case("llama-linear-rope", LLAMA, rope_parameters=dict(rope_type="linear", factor=4.0, rope_theta=10000.0)),
    case("llama-dynamic-rope", LLAMA, rope_parameters=dict(rope_type="dynamic", factor=2.0, rope_theta=10000.0)),
    case("llama-odd-head-dim-gelu", LLAMA, head_dim=10, hidden_act="gelu_pytorch_tanh", num_key_value_heads=1),
    case("llama-old-names-fp16", LLAMA, bare=True, buffers=True, storage="float16", form="sharded-bin"),
    case("llama-yarn", LLAMA, rope_parameters=YARN_ROPE),
    case("llama-yarn-all-options", LLAMA, storage="bfloat16",
         rope_parameters=dict(YARN_ROPE, beta_fast=6, beta_slow=2, truncate=False, mscale=0.7, mscale_all_dim=0.4)),
    case("llama-yarn-attention-factor", LLAMA, written=dict(
        rope_scaling=dict(type="yarn", factor=2.5, attention_factor=1.3, original_max_position_embeddings=20))),
    case("neox-yarn", NEOX, rotary_pct=0.5, rope_parameters=dict(YARN_ROPE, partial_rotary_factor=0.5)),
    case("neox-odd-share", NEOX, rotary_pct=0.45),
    case("neox-base-beside-theta", NEOX, written=dict(rope_parameters=None, rotary_emb_base=500, rope_theta=77.0,
                                                      partial_rotary_factor=1.0)),
    case("llama-partial-rotary", LLAMA, written=dict(partial_rotary_factor=0.5)),
    case("llama-scaling-beside-parameters", LLAMA, written=dict(
        rope_parameters=dict(rope_type="default", rope_theta=500000.0),
        rope_scaling=dict(rope_type="linear", factor=4.0))),
    case("llama-swish", LLAMA, hidden_act="swish"),
    case("llama-relu2", LLAMA, hidden_act="relu2", head_dim=8),
    case("neox-quick-gelu", NEOX, hidden_act="quick_gelu"),
    case("opt-gelu-python", OPT, activation_function="gelu_python"),
    case("gpt2-two-names", GPT2, written=dict(n_embd=96, hidden_size=48, intermediate_size=7, n_layer=5,
                                              num_hidden_layers=3)),
    case("llama-wrapped", LLAMA, wrapper="model."),
    case("ministral-layers", LLAMA, model_type="ministral", sliding_window=7, head_dim=8,
         layer_types=["full_attention", "sliding_attention", "full_attention"]),
    case("ministral-all-sliding-fp16", LLAMA, model_type="ministral", sliding_window=5, head_dim=16, storage="float16"),
    case("mistral-with-layer-types", LLAMA, model_type="mistral", sliding_window=7, written=dict(
        layer_types=["full_attention", "sliding_attention", "full_attention"])),
    case("mistral-window", LLAMA, model_type="mistral", sliding_window=7),
    case("mistral-no-window", LLAMA, model_type="mistral", sliding_window=None, head_dim=12, storage="float16"),
    case("qwen2", LLAMA, model_type="qwen2", tie_word_embeddings=True, use_sliding_window=False),
    case("qwen2-window", LLAMA, model_type="qwen2", use_sliding_window=True, sliding_window=9, max_window_layers=1),
    case("qwen3", LLAMA, model_type="qwen3", head_dim=16, storage="bfloat16", form="sharded"),
    case("qwen3-biases-window", LLAMA, model_type="qwen3", head_dim=8, attention_bias=True, use_sliding_window=True,
         sliding_window=5, layer_types=["sliding_attention", "full_attention", "sliding_attention"]),
]


def write_tokenizer(folder):
    """One token a byte behind three specials, as a plain tokenizer.json."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    specials = ["<|endoftext|>", "<pad>", "<unk>"]
    vocabulary = {token: i for i, token in enumerate(specials + alphabet)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(specials)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps(
        {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": specials[0], "eos_token": specials[0],
         "pad_token": specials[1], "model_max_length": POSITIONS}))


def randomise(model, generator):
    """Weights large enough that attention and answers are far from uniform."""
    import torch

    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            norm = parameter.dim() == 1 and name.endswith("weight")
            embedding = "emb" in name or "wte" in name or "wpe" in name
            spread = 0.2 if parameter.dim() == 1 else 0.5 if embedding else 1.6 / parameter.shape[-1] ** 0.5
            parameter.copy_(spread * noise + (1.0 if norm else 0.0))


def old_names(tensors, model, bare, buffers):
    import torch

    prefix = {"opt": "model."}.get(model.config.model_type, model.base_model_prefix + ".")
    renamed = {name[len(prefix):] if bare and name.startswith(prefix) else name: t for name, t in tensors.items()}
    if not buffers:
        return renamed
    mask = torch.ones(1, 1, POSITIONS, POSITIONS, dtype=torch.bool).tril()
    kind, start = model.config.model_type, "" if bare else prefix
    for layer in range(model.config.num_hidden_layers):
        if kind == "gpt2":
            renamed[f"{start}h.{layer}.attn.bias"] = mask.clone()
            renamed[f"{start}h.{layer}.attn.masked_bias"] = torch.tensor(-1e4)
        elif kind == "gpt_neox":
            renamed[f"{start}layers.{layer}.attention.bias"] = mask.clone()
            renamed[f"{start}layers.{layer}.attention.masked_bias"] = torch.tensor(-1e9)
            renamed[f"{start}layers.{layer}.attention.rotary_emb.inv_freq"] = torch.ones(2)
        elif kind == "llama":
            renamed[f"{start}layers.{layer}.self_attn.rotary_emb.inv_freq"] = torch.ones(4)
    return renamed


def save(model, spec, folder):
    """Writes the checkpoint in the case's storage type and container; the config as transformers writes it."""
    import torch
    from safetensors.torch import save_file

    model.config.save_pretrained(folder)
    config = json.loads((folder / "config.json").read_text())
    config["dtype"] = spec["storage"]
    config |= spec["written"]
    (folder / "config.json").write_text(json.dumps(config, indent=1))
    tensors = {name: t.contiguous() for name, t in model.state_dict().items()}
    if model.config.tie_word_embeddings and not spec["form"].endswith("bin"):
        tensors.pop("lm_head.weight", None)  # .bin files hold it beside the embedding, in the same storage
    if model.config.model_type == "gpt_neox" and "lm_head.weight" in tensors:
        tensors["embed_out.weight"] = tensors.pop("lm_head.weight")
    tensors = old_names(tensors, model, spec["bare"], spec["buffers"])
    tensors = {spec["wrapper"] + name: tensor for name, tensor in tensors.items()}
    safe = not spec["form"].endswith("bin")
    stem, ending = ("model", "safetensors") if safe else ("pytorch_model", "bin")
    names = sorted(tensors)
    count = 3 if spec["form"].startswith("sharded") else 1
    weight_map = {}
    for shard in range(count):
        part = {name: tensors[name] for name in names[shard::count]}
        file = f"{stem}.{ending}" if count == 1 else f"{stem}-{shard + 1:05d}-of-{count:05d}.{ending}"
        if safe:
            save_file(part, folder / file, {"format": "pt"})
        else:
            torch.save(part, folder / file)
        weight_map |= {name: file for name in part}
    if count > 1:
        index = {"metadata": {"total_size": 0}, "weight_map": weight_map}
        (folder / f"{stem}.{ending}.index.json").write_text(json.dumps(index))


def make(spec, folder, seed):
    """Writes the checkpoint; returns the model as transformers reads it back, computing in fp32."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    generator = torch.Generator().manual_seed(seed)
    config = AutoConfig.for_model(**spec["config"], vocab_size=VOCABULARY)
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32, attn_implementation="eager")
    randomise(model, generator)
    save(model.to(getattr(torch, spec["storage"])), spec, folder)
    write_tokenizer(folder)
    # Not the model itself: its rotary frequencies have been rounded to 16 bit too.
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()


def reference(model, context, continuation):
    """Log-likelihood, and whether it is greedy (None where the two best are too close to tell)."""
    import torch

    ids = context + continuation
    with torch.no_grad():
        logits = model(torch.tensor([ids[:-1]])).logits[0, -len(continuation):].double()
    wanted = torch.tensor(continuation)
    best = logits.topk(2).values
    close = bool(((best[:, 0] - best[:, 1]) < 1e-3).any())
    value = logits.log_softmax(-1).gather(1, wanted[:, None]).sum().item()
    return value, None if close else bool((logits.argmax(-1) == wanted).all())


def id_requests(generator):
    """Requests of random ids of many lengths, up to the whole context."""
    import torch

    for length in [1, 2, 3, 5, 8, 13, 21, 34, POSITIONS]:
        ids = torch.randint(0, VOCABULARY, (length + 1,), generator=generator).tolist()
        for size in {1, (length + 1) // 2, length}:
            yield ids[:length + 1 - size], ids[length + 1 - size:]


def text_requests():
    words = "the owl carries a lantern over the frozen harbour, café and all".split()
    for i in range(1, len(words)):
        context = " ".join(words[:i])[-20:]
        yield context, " " + words[i]
    yield "a", "b"


def score(program, folder, requests):
    text = "".join(json.dumps(r) + "\n" for r in requests)
    run = subprocess.run([program, "score", "--model", str(folder)], input=text, capture_output=True, text=True)
    if run.returncode != 0:
        raise SystemExit(f"{folder.name}: bitfrontier score: {run.stderr.strip()}")
    return [json.loads(line) for line in run.stdout.splitlines()]


def harness(folder, pairs):
    from lm_eval.api.instance import Instance
    from lm_eval.models.huggingface import HFLM

    model = HFLM(pretrained=str(folder), device="cpu", dtype="float32", batch_size=4)
    instances = [Instance("loglikelihood", {}, pair, i) for i, pair in enumerate(pairs)]
    return model.loglikelihood(instances, disable_tqdm=True)


def compare(program, spec, seed):
    """Largest differences: of a log-probability, of an id request, of a text request; wrong greedy flags."""
    import torch

    folder = pathlib.Path(tempfile.mkdtemp(prefix="fresh_")) / spec["name"]
    folder.mkdir()
    try:
        model = make(spec, folder, seed)
        generator = torch.Generator().manual_seed(seed + 1)
        full = torch.randint(0, VOCABULARY, (POSITIONS,), generator=generator).tolist()
        places = [1, POSITIONS // 2, POSITIONS]
        with torch.no_grad():
            rows = model(torch.tensor([full])).logits[0].double().log_softmax(-1)
        every = [(full[:n], [token], rows[n - 1, token].item()) for n in places for token in range(VOCABULARY)]
        pairs = list(id_requests(generator))
        texts = list(text_requests())
        answers = score(program, folder, [dict(context_ids=c, continuation_ids=t) for c, t, _ in every] +
                        [dict(context_ids=c, continuation_ids=t) for c, t in pairs] +
                        [dict(context=c, continuation=t) for c, t in texts])
        logprob = max(abs(a["loglikelihood"] - v) for a, (_, _, v) in zip(answers, every))
        answers = answers[len(every):]
        wanted = [reference(model, c, t) for c, t in pairs]
        likelihood = max(abs(a["loglikelihood"] - v) for a, (v, _) in zip(answers, wanted))
        wrong = sum(g is not None and a["is_greedy"] != g for a, (_, g) in zip(answers, wanted))
        theirs = harness(folder, texts)
        text = max(abs(a["loglikelihood"] - v) for a, (v, _) in zip(answers[len(pairs):], theirs))
        spread = rows.std().item()
        return logprob, likelihood, text, wrong, spread
    finally:
        shutil.rmtree(folder.parent)


def main():
    import logging
    import warnings

    import torch
    import transformers

    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    program = str(pathlib.Path(sys.argv[1]).resolve())
    part = sys.argv[2] if len(sys.argv) > 2 else ""
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    torch.set_num_threads(1)
    print(f"transformers {transformers.__version__}, torch {torch.__version__}, seed {seed}; largest differences in nats")
    print(f"{'checkpoint':34} {'storage':9} {'form':12} {'log-prob':>8} {'ids':>8} {'text':>8} greedy  spread")
    bad = 0
    for spec in CASES:
        if part not in spec["name"]:
            continue
        logprob, likelihood, text, wrong, spread = compare(program, spec, seed)
        good = logprob <= LOGPROB_BOUND and max(likelihood, text) <= LIKELIHOOD_BOUND and wrong == 0
        bad += not good
        print(f"{spec['name']:34} {spec['storage']:9} {spec['form']:12} {logprob:8.1e} {likelihood:8.1e} {text:8.1e} "
              f"{'equal' if wrong == 0 else str(wrong) + ' off'}   {spread:.2f}{'' if good else '  TOO FAR'}", flush=True)
    print("all within bounds" if bad == 0 else f"{bad} beyond the bounds", f"({LOGPROB_BOUND:g} a log-probability, "
          f"{LIKELIHOOD_BOUND:g} a request)")
    sys.exit(bad != 0)


if __name__ == "__main__":
    environment.enter(__file__)
    main()
