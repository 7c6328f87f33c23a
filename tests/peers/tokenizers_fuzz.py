#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares token ids and decoded text with the tokenizers package on random texts.

Trains small tokenizers with the package for many combinations of normalizer, pre-tokenizer, model options, decoder and
added tokens, takes the real GPT-2 and GPT-NeoX ones from BITFRONTIER_CASES when they are there, and lets `bitfrontier
tokenize` encode and decode the same random texts: Unicode of every kind, code, runs of white space, special tokens
inside text.

    python3 tests/peers/tokenizers_fuzz.py build/release/bin/bitfrontier [--seconds 120] [--seed 1] [--texts 400]
"""
import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time
import unicodedata

import environment

ROOT = environment.HERE.parent.parent
environment.enter(__file__)

import tokenizers  # noqa: E402
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers  # noqa: E402
from tokenizers import processors, trainers  # noqa: E402

GPT2 = r"""'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""
BLOOM = " ?[^(\\s|[.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c])]+"
LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
          r"|\s+(?!\S)|\s+")
QWEN2 = LLAMA3.replace("{1,3}", "")
TEKKEN = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|"
          r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|"
          r"\s*[\r\n]+|\s+(?!\S)|\s+")
O200K = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
         r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
         r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")
DEEPSEEK = [r"[\r\n]", r"\s?[A-Za-z\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u01ba\u0370-\u0373\u0400-\u0481]+",
            r"\s?[!-/:-~\uff01-\uff0f\uff1a-\uff5e\u2018-\u201f\u3000-\u3002]+", r"\s+$",
            r"[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+"]
OTHERS = [r"\d{3}(?=\d)", r"(?=(\d{3})+(?!\d))", r"\w+|[^\w\s]+", r"[[:punct:]]+", r"\p{Han}|\p{Hiragana}+",
          r"(?<=[a-z])[A-Z]", r"\bth", r"[a-z&&[^aeiou]]+", r"[^\S\n]+", r"x*", r"^\s+|\s+$", r".", r"\R", r"\p{^L}+"]

SCRIPTS = [(0x20, 0x7e), (0x20, 0x7e), (0xa0, 0x24f), (0x300, 0x36f), (0x370, 0x52f), (0x590, 0x6ff), (0x900, 0xdff),
           (0xe00, 0xeff), (0x1100, 0x11ff), (0x1e00, 0x1fff), (0x2000, 0x206f), (0x2070, 0x2bff), (0x3000, 0x30ff),
           (0x3130, 0x33ff), (0x4e00, 0x9fff), (0xac00, 0xd7a3), (0xf900, 0xfdff), (0xfe00, 0xffef), (0x10000, 0x11fff),
           (0x16a00, 0x16fff), (0x1d000, 0x1d7ff), (0x1e000, 0x1ffff), (0x20000, 0x323af), (0xe0000, 0xe01ef),
           (0x0, 0x1f), (0x7f, 0x9f), (0xe000, 0xf8ff), (0x10fff0, 0x10ffff)]
SPACES = [" ", " ", " ", "  ", "\n", "\r\n", "\t", "\u00a0", "\u2003", "\u3000", "\u0085", "\u2028", "\u200b", "\ufeff",
          "\u001c", "\u180e", "\u000b", "\u000c"]
WORDS = ("the of and to in is that it's don't we'll I've you're he'd CamelCase snake_case HTTPServer x1 3.14159 1234567 0x1F "
         "def return for(int i=0;i<n;++i) {} [] == != -> // /* */ \\n \"quoted\" 'single' user@example.org https://a.b/c?d=e#f "
         "na\u00efve caf\u00e9 stra\u00dfe \u0130stanbul \u017fecond \u212aelvin \u0421\u043b\u043e\u0432\u043e \u0627\u0644\u0639\u0631 "
         "\u05e9\u05dc\u05d5\u05dd \u0939\u093f\u0928\u094d\u0926\u0940 \u4e2d\u6587\u5b57 \u65e5\u672c\u8a9e\u306e \ud55c\uad6d\uc5b4 "
         "\u0e44\u0e17\u0e22 \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea \ufb01 \u2460 \u00bd \u2167").split()


def random_character(rng):
    while True:
        low, high = rng.choice(SCRIPTS) if rng.random() < 0.95 else (0, 0x10ffff)
        code = rng.randint(low, high)
        if not 0xd800 <= code < 0xe000:
            return chr(code)


def random_text(rng, specials, corpus):
    kind = rng.random()
    parts = []
    if kind < 0.15:  # a piece of this repository
        begin = rng.randrange(len(corpus))
        return corpus[begin:begin + rng.randint(1, 400)]
    if kind < 0.2:  # long runs
        for _ in range(rng.randint(1, 4)):
            parts.append(rng.choice(SPACES + WORDS + [random_character(rng)]) * rng.randint(1, 60))
        return "".join(parts)
    for _ in range(rng.randint(0, 25)):
        choice = rng.random()
        if choice < 0.35:
            parts.append(rng.choice(WORDS))
        elif choice < 0.6:
            parts.append("".join(rng.choice(SPACES) for _ in range(rng.randint(1, 3))))
        elif choice < 0.7 and specials:
            token = rng.choice(specials)
            parts.append(token if rng.random() < 0.8 else token[:rng.randint(0, len(token))])
        elif choice < 0.9:
            parts.append("".join(random_character(rng) for _ in range(rng.randint(1, 6))))
        else:
            base = rng.choice("aeiouncAE\u1112\u0915") + "".join(
                chr(rng.choice([0x300, 0x301, 0x308, 0x323, 0x327, 0x345, 0x1161, 0x11a8, 0x93c, 0x898, 0x899]))
                for _ in range(rng.randint(1, 3)))
            parts.append(base if rng.random() < 0.5 else unicodedata.normalize("NFC", base))
    return "".join(parts)


def split(pattern, behavior="isolated", invert=False):
    return pre_tokenizers.Split(pattern if isinstance(pattern, str) else Regex(pattern[0]), behavior, invert=invert)


def byte_level(prefix=False, regex=True):
    return pre_tokenizers.ByteLevel(add_prefix_space=prefix, use_regex=regex)


def random_pre_tokenizer(rng):
    """A pre-tokenizer, or None, and whether it is byte-level."""
    sequence = pre_tokenizers.Sequence
    bare = byte_level(False, False)
    choice = rng.randrange(17)
    if choice == 0:
        return byte_level(rng.random() < 0.3, rng.random() < 0.8), True
    if choice == 1:
        return sequence([split([BLOOM]), bare]), True
    if choice in (2, 3):
        return sequence([split([rng.choice([LLAMA3, QWEN2, TEKKEN, O200K, GPT2])]), bare]), True
    if choice == 4:
        return sequence([pre_tokenizers.Digits(individual_digits=rng.random() < 0.7), byte_level()]), True
    if choice == 5:
        return sequence([split([p]) for p in DEEPSEEK] + [pre_tokenizers.Digits(individual_digits=True), bare]), True
    if choice in (6, 7):
        behavior = rng.choice(["isolated", "removed", "merged_with_previous", "merged_with_next", "contiguous"])
        pattern = [rng.choice(OTHERS + [LLAMA3])] if rng.random() < 0.7 else rng.choice([" ", "a", "th", "\u2581", "1"])
        step = split(pattern, behavior, rng.random() < 0.3)
        return (sequence([step, byte_level(rng.random() < 0.3, rng.random() < 0.5)]), True) \
            if rng.random() < 0.6 else (step, False)
    if choice in (8, 9):
        return pre_tokenizers.Metaspace(prepend_scheme=rng.choice(["first", "always", "never"]),
                                        split=rng.random() < 0.5), False
    if choice == 10:
        steps = [pre_tokenizers.Digits(individual_digits=True),
                 pre_tokenizers.Metaspace(prepend_scheme=rng.choice(["first", "always"])),
                 split([rng.choice(OTHERS)]), pre_tokenizers.CharDelimiterSplit("e")]
        rng.shuffle(steps)
        return sequence(steps[:rng.randint(1, 4)]), False
    if choice == 11:  # byte-level in the middle, as in Falcon
        return sequence([byte_level(), pre_tokenizers.Digits(individual_digits=False), split(["[0-9][0-9][0-9]"])]), True
    if choice == 12:
        return pre_tokenizers.WhitespaceSplit(), False
    if choice > 13:  # words and punctuation, alone or before byte-level or Metaspace
        step = rng.choice([pre_tokenizers.Whitespace(), pre_tokenizers.BertPreTokenizer(), pre_tokenizers.Punctuation(
            rng.choice(["isolated", "removed", "merged_with_previous", "merged_with_next", "contiguous"]))])
        if choice == 14:
            return step, False
        return (sequence([step, byte_level()]), True) if choice == 15 else \
            (sequence([step, pre_tokenizers.Metaspace(prepend_scheme=rng.choice(["first", "always"]))]), False)
    return None, False


def random_normalizer(rng):
    choice = rng.randrange(14)
    form = rng.choice([normalizers.NFC, normalizers.NFD, normalizers.NFKC, normalizers.NFKD])
    if choice < 4:
        return None
    if choice < 6:
        return form()
    if choice == 6:
        return normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")])
    if choice == 7:
        return normalizers.Replace(" ", "\u2581")
    if choice == 8:
        return normalizers.Sequence([normalizers.Strip(rng.random() < 0.7, rng.random() < 0.7), form()])
    if choice == 9:
        return normalizers.Replace(Regex(rng.choice([" {2,}", r"\s+", "[aeiou]", "x*", "^ "])), rng.choice(["", " ", "\u2581"]))
    if choice == 10:
        return normalizers.Sequence([normalizers.Replace("th", "\u00fe"), normalizers.Prepend("\u2581 "), form()])
    if choice > 11:
        steps = [form(), normalizers.StripAccents(), normalizers.Lowercase()]
        rng.shuffle(steps)
        return normalizers.Sequence(steps[:rng.randint(1, 3)])
    return normalizers.Sequence([form(), normalizers.Strip()])


def random_decoder(rng, bytes_):
    if bytes_ and rng.random() < 0.9:
        return decoders.ByteLevel()
    choice = rng.randrange(5)
    if choice == 0:
        return decoders.Sequence([decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse(),
                                  decoders.Strip(" ", 1, 0)])
    if choice == 1:
        return decoders.Metaspace(prepend_scheme=rng.choice(["first", "always", "never"]))
    if choice == 2:
        return decoders.Sequence([decoders.Fuse(), decoders.Replace(Regex(r"\s+"), "_")])
    if choice == 3:
        return decoders.ByteFallback()
    return None


def train(rng, corpus):
    """A random tokenizer as the text of its tokenizer.json, with its special strings."""
    pre, bytes_ = random_pre_tokenizer(rng)
    normalizer = random_normalizer(rng)
    if not bytes_ and rng.random() < 0.05:
        normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.ByteLevel()])
        bytes_ = True
    fallback = not bytes_ and rng.random() < 0.6
    unknown = "<unk>" if rng.random() < (0.2 if bytes_ else 0.8) else None
    tokenizer = Tokenizer(models.BPE(unk_token=unknown, byte_fallback=fallback, fuse_unk=rng.random() < 0.5,
                                     ignore_merges=rng.random() < 0.2))
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    if pre is not None:
        tokenizer.pre_tokenizer = pre
    specials = ["<unk>", "<s>", "</s>"]
    if fallback:
        byte_tokens = [f"<0x{b:02X}>" for b in range(256)]
        specials += byte_tokens if rng.random() < 0.7 else [t for t in byte_tokens if rng.random() < 0.7]
    alphabet = pre_tokenizers.ByteLevel.alphabet() if bytes_ and rng.random() < 0.8 else []
    trainer = trainers.BpeTrainer(vocab_size=rng.choice([300, 600, 1200]) + len(specials), special_tokens=specials,
                                  initial_alphabet=alphabet, show_progress=False,
                                  limit_alphabet=rng.choice([60, 300, 2000]))
    begin = rng.randrange(max(1, len(corpus) - 60000))
    sample = corpus[begin:begin + 60000]
    # Without a pre-tokenizer all of a text is one word, which the package trains on slowly.
    lines = sample.split("\n") if pre is not None else sample[:8000].split("\n")
    tokenizer.train_from_iterator(lines, trainer)
    decoder = random_decoder(rng, bytes_)
    if decoder is not None:
        tokenizer.decoder = decoder
    added = []
    for content in ["<|x|>", "<|x|><|y|>", "  ", "    ", "word", "th", "\u00e9", "caf\u00e9", " lead", "trail ", "<s>"]:
        if rng.random() < 0.3:
            flags = {name: rng.random() < 0.3 for name in ("single_word", "lstrip", "rstrip")}
            normalized = rng.random() < 0.5
            if normalized and normalizer is not None and normalizer.normalize_str(content) == "":
                continue  # the package then splits before every character, and ours refuses
            added.append(AddedToken(content, normalized=normalized, special=rng.random() < 0.4, **flags))
    for token in added:
        (tokenizer.add_special_tokens if token.special else tokenizer.add_tokens)([token])
    choice = rng.random()
    if choice < 0.4:
        around = {"<s>": tokenizer.token_to_id("<s>"), "</s>": tokenizer.token_to_id("</s>")}
        tokenizer.post_processor = processors.TemplateProcessing(
            single=rng.choice(["<s> $A", "<s> $A </s>", "$A </s>", "$A", "<s> <s> $A"]), pair="$A $B",
            special_tokens=list(around.items()))
    elif choice < 0.6:
        tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    text = tokenizer.to_str()
    if rng.random() < 0.3:  # the older notation of merges
        root = json.loads(text)
        merges = root["model"]["merges"]
        if all(" " not in part for merge in merges for part in merge):
            root["model"]["merges"] = [" ".join(merge) for merge in merges]
            text = json.dumps(root, ensure_ascii=rng.random() < 0.5)
    names = [token.content for token in added] + ["<unk>", "<s>", "</s>", "<0x41>"]
    described = json.loads(text)
    kind = lambda part: None if part is None else json.dumps(part)  # noqa: E731
    name = "normalizer {} pre_tokenizer {} decoder {}".format(*(kind(described[k]) for k in (
        "normalizer", "pre_tokenizer", "decoder")))
    return name, text, names


def real_tokenizers():
    cases = pathlib.Path(os.environ.get("BITFRONTIER_CASES", ROOT.parent / "shared" / "cases")) / "tokenizers"
    if not cases.is_dir():
        print("no real tokenizers: BITFRONTIER_CASES names no folder with them")
        return
    yield "GPT-NeoX-20B", (cases / "gpt-neox-20B_tokenizer.json").read_text(encoding="utf-8"), \
        ["<|endoftext|>", "<|padding|>", "  ", "   "]
    gpt2 = Tokenizer(models.BPE.from_file(str(cases / "gpt2" / "vocab.json"), str(cases / "gpt2" / "merges.txt")))
    gpt2.pre_tokenizer = byte_level()
    gpt2.decoder = decoders.ByteLevel()
    gpt2.add_special_tokens(["<|endoftext|>"])
    yield "GPT-2", gpt2.to_str(), ["<|endoftext|>"]


def ask(program, folder, requests, options):
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    done = subprocess.run([program, "tokenize", "--json", "--model", folder, *options], input=lines, text=True,
                          capture_output=True)
    if done.returncode != 0:
        return None, done.stderr.strip()
    return [json.loads(line) for line in done.stdout.split("\n") if line], ""


class Totals:
    tokenizers = texts = tokens = decoded = failures = refused = 0


def compare(program, rng, name, text, specials, corpus, count):
    peer = Tokenizer.from_str(text)
    texts = [random_text(rng, specials, corpus) for _ in range(count)]
    wanted, kept = [], []
    special = rng.random() < 0.5
    for sample in texts:
        try:
            encoding = peer.encode(sample, add_special_tokens=special)
        except BaseException as error:  # the package panics on some of its own results
            if type(error).__name__ not in ("PanicException", "Exception"):
                raise
            continue
        kept.append(sample)
        wanted.append((encoding.ids, encoding.tokens))
    size = peer.get_vocab_size() + 3
    sequences = [ids for ids, _ in wanted[:count // 3]]
    sequences += [[rng.randrange(size) for _ in range(rng.randint(0, 20))] for _ in range(count // 5)]
    skip = rng.random() < 0.5
    back = []
    for ids in list(sequences):
        try:
            back.append(peer.decode(ids, skip_special_tokens=skip))
        except BaseException as error:
            if type(error).__name__ not in ("PanicException", "Exception"):
                raise
            sequences.remove(ids)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "tokenizer.json"
        path.write_text(text, encoding="utf-8")
        requests = [{"text": sample} for sample in kept]
        requests += [{"ids": ids, "skip_special": skip} for ids in sequences]
        answers, error = ask(program, folder, requests, ["--special"] if special else [])
    Totals.tokenizers += 1
    failures = Totals.failures
    if answers is None:
        Totals.refused += 1
        print(f"refused: {error}\n  {name[:1500]}")
        return
    for sample, (ids, tokens), answer in zip(kept, wanted, answers):
        Totals.texts += 1
        Totals.tokens += len(ids)
        if answer["ids"] != ids:
            Totals.failures += 1
            if Totals.failures - failures <= 2 and Totals.failures < 50:
                at = next((i for i, (a, b) in enumerate(zip(ids, answer["ids"])) if a != b), min(len(ids), len(answer["ids"])))
                print(f"DIFFERS {name[:900]}\n  text  {sample[:300]!r}\n  from token {at}\n  peer  "
                      f"{tokens[max(0, at - 3):at + 12]}\n  ours  {answer['tokens'][max(0, at - 3):at + 12]}")
    for ids, expected, answer in zip(sequences, back, answers[len(kept):]):
        Totals.decoded += 1
        if answer["text"] != expected:
            Totals.failures += 1
            if Totals.failures - failures <= 2 and Totals.failures < 50:
                print(f"DECODES DIFFERENTLY {name[:900]}\n  ids   {ids[:60]}\n  peer  {expected[:300]!r}\n  ours  "
                      f"{answer['text'][:300]!r}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--texts", type=int, default=400)
    options = parser.parse_args()
    corpus = "\n".join(path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("core/**/*.cpp")))
    corpus += "\n".join(path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("*.md")))
    corpus += " ".join(WORDS) * 50
    end = time.monotonic() + options.seconds
    for name, text, specials in real_tokenizers():
        compare(options.program, random.Random(options.seed), name, text, specials, corpus, options.texts * 5)
    seed = options.seed
    while time.monotonic() < end:
        seed += 1
        rng = random.Random(seed)
        try:
            name, text, specials = train(rng, corpus)
        except BaseException as error:
            if type(error).__name__ != "PanicException":
                raise
            continue  # the package fails to train with some of the combinations
        compare(options.program, rng, f"seed {seed}: {name}", text, specials, corpus, options.texts)
    print(f"tokenizers {tokenizers.__version__}: {Totals.tokenizers} tokenizers ({Totals.refused} refused), {Totals.texts} "
          f"texts, {Totals.tokens} tokens, {Totals.decoded} decoded sequences: {Totals.failures} differences")
    return 1 if Totals.failures or Totals.refused else 0


if __name__ == "__main__":
    sys.exit(main())
