# SPDX-License-Identifier: GPL-3.0-or-later
"""Small tokenizer folders that cross the keys of tokenizer_config.json with tokenizer classes and files.

One folder is described by a dictionary; `cases` gives one-factor and random ones, `write` puts a folder on disk.
"""
import json
import random

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

MODEL_TYPES = ["gpt2", "opt", "gpt_neox", "bloom", "llama", "mistral", "qwen2", "qwen3"]
CLASSES = [None, "GPT2Tokenizer", "GPT2TokenizerFast", "GPTNeoXTokenizer", "GPTNeoXTokenizerFast", "Qwen2Tokenizer",
           "Qwen2TokenizerFast", "BloomTokenizerFast", "PreTrainedTokenizerFast", "TokenizersBackend", "LlamaTokenizer",
           "LlamaTokenizerFast", "CodeLlamaTokenizer", "CodeLlamaTokenizerFast", "GemmaTokenizer", "GemmaTokenizerFast",
           "CodeGenTokenizer"]
QWEN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
        r"|\s+(?!\S)|\s+")
TEXTS = ["hello world", " hello", "  two spaces", "", " ", "a<s>ab", "x<|endoftext|>the end", "<|im_start|>user\nhi<|im_end|>\n",
         "in 2024 or 1999", "e\u0301a\u030a", "\ufb01x\u00bd", "don't we'LL they've", "the </s> and <unk> tokens <pad>", "tab\tnew\n\n line ",
         "\u65e5\u672c \U0001f600", "the <tool> of <|im_start|> the", "<|extra|>the", "ab\n a", "the store holds runs",
         "\u2581the", "trailing ", "HTTPServer(x=1);", "<bos>the<eos>", "\u2581<PRE>a \u2581<SUF>b"]
CHAT = ["<|im_start|>", "<|im_end|>"]


def byte_level(prefix=False, regex=True):
    return {"type": "ByteLevel", "add_prefix_space": prefix, "trim_offsets": True, "use_regex": regex}


def sequence(*steps):
    return {"type": "Sequence", "pretokenizers": list(steps)}


SPLIT_QWEN = {"type": "Split", "pattern": {"Regex": QWEN}, "behavior": "Isolated", "invert": False}
DIGITS = {"type": "Digits", "individual_digits": True}
LLAMA2 = {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "\u2581"},
                                              {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}]}


def metaspace(scheme):
    return {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": scheme, "split": False}


# Normalizer and pre-tokenizer of a tokenizer.json; the first of each kind is the usual one.
PIPELINES = {
    "bytes": {"plain": (None, byte_level()), "prefix": (None, byte_level(True)), "nfc": ({"type": "NFC"}, byte_level()),
              "nfkc": ({"type": "NFKC"}, byte_level()), "qwen": ({"type": "NFC"}, sequence(SPLIT_QWEN, byte_level(regex=False))),
              "digits": (None, sequence(DIGITS, byte_level())), "qwen-bare": (None, sequence(SPLIT_QWEN, byte_level(regex=False)))},
    "pieces": {"prepend": (LLAMA2, None), "first": (None, metaspace("first")), "always": (None, metaspace("always")),
               "never": (None, metaspace("never")), "replace": (LLAMA2["normalizers"][1], None)},
}


class Parts:
    """Vocabulary and merges of both kinds, trained on `corpus`."""

    def __init__(self, corpus):
        self.vocab, self.merges, self.specials = {}, {}, {}
        for kind in ("bytes", "pieces"):
            tokenizer = Tokenizer(models.BPE())
            step = pre_tokenizers.ByteLevel(add_prefix_space=False) if kind == "bytes" else pre_tokenizers.Metaspace()
            tokenizer.pre_tokenizer = step
            alphabet = sorted(pre_tokenizers.ByteLevel.alphabet()) if kind == "bytes" else []
            tokenizer.train_from_iterator(corpus.split("\n"), trainers.BpeTrainer(
                vocab_size=420, initial_alphabet=alphabet, show_progress=False))
            trained = json.loads(tokenizer.to_str())["model"]
            first = ["<|endoftext|>", "<s>", "</s>", "<unk>", "<pad>"] if kind == "bytes" else ["<unk>", "<s>", "</s>"]
            first += [] if kind == "bytes" else [f"<0x{byte:02X}>" for byte in range(256)]
            ordered = first + sorted(trained["vocab"], key=trained["vocab"].get)
            self.vocab[kind] = {token: i for i, token in enumerate(ordered)}
            self.merges[kind] = [tuple(merge) for merge in trained["merges"]]
            self.specials[kind] = [token for token in first if not token.startswith("<0x")]


def template(parts, kind, tokens):
    """A post-processor that puts `tokens`, names before or after "$A", around a text."""
    names = [token for token in tokens if token != "$A"]
    return {"type": "TemplateProcessing",
            "single": [{"Sequence": {"id": "A", "type_id": 0}} if token == "$A" else
                       {"SpecialToken": {"id": token, "type_id": 0}} for token in tokens],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": {name: {"id": name, "ids": [parts.vocab[kind][name]], "tokens": [name]} for name in names}}


def added(content, token_id, special=True, **flags):
    return {"id": token_id, "content": content, "single_word": False, "lstrip": False, "rstrip": False,
            "normalized": not special, "special": special, **flags}


# Classes and model types that come with each kind.
KINDS = {"bytes": (MODEL_TYPES, [name for name in CLASSES if name is None or not name.startswith(("Code", "Gemma"))]
                   + ["CodeGenTokenizer"]),
         "pieces": (["llama", "mistral"], [None, "LlamaTokenizer", "LlamaTokenizerFast", "CodeLlamaTokenizer",
                                           "CodeLlamaTokenizerFast", "GemmaTokenizer", "PreTrainedTokenizerFast",
                                           "TokenizersBackend"])}


def base(kind, model_type, name):
    usual = next(iter(PIPELINES[kind]))
    if kind == "bytes" and (name or model_type).lower().startswith("qwen"):
        usual = "qwen"
    return {"kind": kind, "model_type": model_type, "class": name, "pipeline": usual,
            "post": "none", "config": {}, "map": None, "added_json": None, "file_added": [], "bare": False,
            "model_class": None, "named": "strings"}


ROLES = {"bytes": {"bos_token": "<|endoftext|>", "eos_token": "<|endoftext|>", "unk_token": "<|endoftext|>"},
         "pieces": {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}}
OTHER_ROLES = {"bytes": {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"},
               "pieces": {"bos_token": "</s>", "eos_token": "<s>", "pad_token": "<|extra|>"}}
TRUTHS = [None, True, False]


def factors(kind, size):
    """What one folder may have besides the usual: name and the change of the description."""
    def config(**keys):
        return lambda case: case["config"].update(keys)

    def top(**keys):
        return lambda case: case.update(keys)

    listed = ["<|endoftext|>", "<s>", "</s>", "<unk>", "<pad>"] if kind == "bytes" else ["<unk>", "<s>", "</s>"]
    decoder = {str(i): added(token, 0) for i, token in enumerate(listed)}
    decoder.update({str(size): added(CHAT[0], 0), str(size + 1): added(CHAT[1], 0)})
    for token in decoder.values():
        del token["id"]
    short = {str(size): decoder[str(size)]}
    loose = {**decoder, str(size): dict(decoder[str(size)], lstrip=True, rstrip=True),
             str(size + 7): dict(decoder[str(size + 1)], special=False, normalized=True)}
    del loose[str(size + 1)]
    yield from ((f"pipeline={name}", top(pipeline=name)) for name in list(PIPELINES[kind])[1:])
    yield from ((f"post={name}", top(post=name)) for name in ("bytes", "bos", "eos", "both"))
    for key in ("add_prefix_space", "add_bos_token", "add_eos_token", "legacy", "split_special_tokens"):
        yield from ((f"{key}={json.dumps(value)}", config(**{key: value})) for value in TRUTHS)
    yield from ((f"named={name}", top(named=name)) for name in ("none", "null", "objects", "others", "stripping", "unknown"))
    yield "chat in added_tokens_decoder", config(added_tokens_decoder=decoder)
    yield "loose added_tokens_decoder", config(added_tokens_decoder=loose)
    yield "short added_tokens_decoder", config(added_tokens_decoder=short)
    yield "empty added_tokens_decoder", config(added_tokens_decoder={})
    yield "chat in added_tokens.json", top(added_json={CHAT[0]: size, CHAT[1]: size + 1})
    yield "chat in added_tokens.json, other ids", top(added_json={CHAT[1]: size + 5, CHAT[0]: size + 9, "<tool>": size})
    yield "chat in tokenizer.json", top(file_added=[added(CHAT[0], size), added(CHAT[1], size + 1)])
    yield "plain token in tokenizer.json", top(file_added=[added("<tool>", size, special=False)])
    yield "stripping token in tokenizer.json", top(file_added=[added(CHAT[0], size, lstrip=True, rstrip=True)])
    yield "map names others", top(map=dict(OTHER_ROLES[kind]))
    yield "map with objects", top(map={"bos_token": {"content": "<s>", "lstrip": False, "rstrip": True, "normalized": False,
                                                     "single_word": False}})
    yield "map with extra tokens", top(map={"additional_special_tokens": CHAT})
    for key in ("extra_special_tokens", "additional_special_tokens"):
        yield f"{key} list", config(**{key: CHAT})
        yield f"{key} objects", config(**{key: [dict(added(CHAT[0], 0), __type="AddedToken", lstrip=True)]})
    yield "extra_special_tokens object", config(extra_special_tokens={"tool_token": "<tool>"})
    yield "tool_token", config(tool_token="<tool>")
    yield "bare", top(bare=True)
    yield "class in config.json", lambda case: case.update({"model_class": case["class"], "class": None})


def cases(parts, seed, count):
    """(name, description): every factor alone for a choice of classes, then `count` random mixtures."""
    for kind, (model_types, names) in KINDS.items():
        # Every class and model type, sane or not.
        for model_type in MODEL_TYPES:
            for name in CLASSES:
                yield f"{kind} {model_type} {name}", base(kind, model_type, name)
        chosen = [(name, "llama") for name in names if name is None or not name.endswith("Fast") or name.startswith("PreTr")]
        chosen += [(None, model_type) for model_type in ("gpt2", "gpt_neox", "qwen2", "mistral") if model_type in model_types]
        for name, model_type in chosen:
            for factor, change in factors(kind, len(parts.vocab[kind])):
                case = base(kind, model_type, name)
                change(case)
                yield f"{kind} {model_type} {name} {factor}", case
    rng = random.Random(seed)
    for i in range(count):
        kind = rng.choice(["bytes", "bytes", "pieces"])
        case = base(kind, *map(rng.choice, KINDS[kind]))
        chosen = rng.sample(list(factors(kind, len(parts.vocab[kind]))), rng.randint(2, 5))
        for _, change in chosen:
            change(case)
        yield f"{kind} {case['model_type']} {case['class']} " + ", ".join(name for name, _ in chosen), case


def named_tokens(case):
    roles = dict(ROLES[case["kind"]])
    if case["named"] == "none":
        return {}
    if case["named"] == "null":
        return dict.fromkeys(roles)
    if case["named"] == "others":
        return dict(OTHER_ROLES[case["kind"]])
    if case["named"] == "unknown":
        return {**roles, "eos_token": "<eos>", "pad_token": "<pad>"}
    if case["named"] in ("objects", "stripping"):
        strip = case["named"] == "stripping"
        return {role: {"__type": "AddedToken", "content": content, "single_word": False, "lstrip": strip, "rstrip": strip,
                       "normalized": False, "special": True} for role, content in roles.items()}
    return roles


def write(parts, case, folder):
    kind = case["kind"]
    folder.mkdir()
    vocab, merges = parts.vocab[kind], parts.merges[kind]
    if case["bare"]:
        (folder / "vocab.json").write_text(json.dumps(vocab))
        (folder / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{left} {right}\n" for left, right in merges))
    else:
        normalizer, pre_tokenizer = PIPELINES[kind][case["pipeline"]]
        bos, eos = ("<s>", "</s>") if kind == "pieces" else ("<s>", "<|endoftext|>")
        post = {"none": None, "bytes": dict(byte_level(True)), "bos": template(parts, kind, [bos, "$A"]),
                "eos": template(parts, kind, ["$A", eos]), "both": template(parts, kind, [bos, "$A", eos])}[case["post"]]
        decoder = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}
        if kind == "pieces":
            decoder = {"type": "Sequence", "decoders": [
                {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "}, {"type": "ByteFallback"},
                {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}
        model = {"type": "BPE", "dropout": None, "unk_token": "<unk>" if kind == "pieces" else None,
                 "continuing_subword_prefix": None, "end_of_word_suffix": None, "fuse_unk": kind == "pieces",
                 "byte_fallback": kind == "pieces", "ignore_merges": False, "vocab": vocab,
                 "merges": [list(merge) for merge in merges]}
        tokens = [added(token, vocab[token]) for token in parts.specials[kind]] + case["file_added"]
        (folder / "tokenizer.json").write_text(json.dumps(
            {"version": "1.0", "truncation": None, "padding": None, "added_tokens": tokens, "normalizer": normalizer,
             "pre_tokenizer": pre_tokenizer, "post_processor": post, "decoder": decoder, "model": model}))
    config = {**named_tokens(case), **case["config"]}
    if case["class"] is not None:
        config["tokenizer_class"] = case["class"]
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    if case["map"] is not None:
        (folder / "special_tokens_map.json").write_text(json.dumps(case["map"]))
    if case["added_json"] is not None:
        (folder / "added_tokens.json").write_text(json.dumps(case["added_json"]))
    model_config = {"model_type": case["model_type"]}
    if case["model_class"] is not None:
        model_config["tokenizer_class"] = case["model_class"]
    (folder / "config.json").write_text(json.dumps(model_config))
