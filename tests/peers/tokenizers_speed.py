#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares the speed of encoding with the tokenizers package, on 10 MB of text.

Tokenizers of six kinds: GPT-2's and GPT-NeoX's own when BITFRONTIER_CASES has them, the others trained here with the
package (32,000 tokens on the first 3 MB). Texts: the docstrings and the source code of the Python packages that the
environment of these scripts has. Ours is `bench_tokenizer`. Single-threaded: CPU seconds for the whole text, the
package's best of `encode` of one string and of `encode_batch_fast` of documents of about 4 KB, three times each; ours
for one string. On all cores: wall seconds for the documents. Counts of tokens must agree.

    python3 tests/peers/tokenizers_speed.py build/release/bin/bench_tokenizer [part of a name] [docs or code]
"""
import ast
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import environment

SIZE = 10_000_000
GPT2 = r"""'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""
BLOOM = " ?[^(\\s|[.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c])]+"
LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
          r"|\s+(?!\S)|\s+")


def docstrings(source):
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            text = ast.get_docstring(node)
            if text and len(text) > 100:
                yield text


def texts():
    """Each file and each docstring once, until 10 MB are together."""
    docs, code, seen = [], [], set()
    sizes = [0, 0]
    for path in sorted(pathlib.Path(sys.prefix).glob("lib/python*/site-packages/**/*.py")):
        if min(sizes) >= SIZE:
            break
        source = path.read_text(encoding="utf-8", errors="ignore")
        if source in seen:
            continue
        seen.add(source)
        if sizes[1] < SIZE:
            code.append(source)
            sizes[1] += len(source.encode())
        for text in docstrings(source) if sizes[0] < SIZE else []:
            if text not in seen:
                seen.add(text)
                docs.append(text)
                sizes[0] += len(text.encode())
    return {name: "\n".join(parts).encode()[:SIZE].decode("utf-8", "ignore")
            for name, parts in (("docs", docs), ("code", code))}


def documents(text):
    """Cut as bench_tokenizer cuts: at the first end of line after 4,096 bytes."""
    data = text.encode()
    at, parts = 0, []
    while at < len(data):
        end = data.find(b"\n", min(at + 4096, len(data) - 1))
        end = len(data) - 1 if end < 0 else end
        parts.append(data[at:end + 1].decode())
        at = end + 1
    return parts


def trained(pre, normalizer, decoder, text, fallback=False):
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE(byte_fallback=fallback, unk_token="<unk>" if fallback else None, fuse_unk=fallback))
    tokenizer.pre_tokenizer, tokenizer.decoder = pre, decoder
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    specials = ["<unk>", "<s>", "</s>"] + ([f"<0x{b:02X}>" for b in range(256)] if fallback else [])
    alphabet = [] if fallback else pre_tokenizers.ByteLevel.alphabet()
    lines = text[:3_000_000].split("\n")
    tokenizer.train_from_iterator(lines, trainers.BpeTrainer(vocab_size=32000, special_tokens=specials,
                                                             initial_alphabet=alphabet, show_progress=False))
    return tokenizer


def tokenizers(part, text):
    """Name and tokenizer of each kind asked for."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    root = environment.HERE.parent.parent
    cases = pathlib.Path(os.environ.get("BITFRONTIER_CASES", root.parent / "shared" / "cases")) / "tokenizers"
    bare = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)

    def split(pattern):
        return pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(pattern), "isolated"), bare])

    def gpt2():
        tokenizer = Tokenizer(models.BPE.from_file(str(cases / "gpt2" / "vocab.json"), str(cases / "gpt2" / "merges.txt")))
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.add_special_tokens(["<|endoftext|>"])
        return tokenizer

    def opt():
        tokenizer = trained(pre_tokenizers.ByteLevel(add_prefix_space=False), None, decoders.ByteLevel(), text)
        tokenizer.post_processor = processors.TemplateProcessing("</s> $A", None, [("</s>", 2)])
        return tokenizer

    makers = {
        "GPT-2": gpt2,
        "OPT": opt,
        "GPT-NeoX": lambda: Tokenizer.from_file(str(cases / "gpt-neox-20B_tokenizer.json")),
        "BLOOM": lambda: trained(split(BLOOM), None, decoders.ByteLevel(), text),
        "Llama-3": lambda: trained(split(LLAMA3), None, decoders.ByteLevel(), text),
        "Llama-2": lambda: trained(pre_tokenizers.Metaspace(prepend_scheme="first"), None, decoders.Metaspace(), text,
                                   fallback=True),
    }
    for name, maker in makers.items():
        if part not in name:
            continue
        if name in ("GPT-2", "GPT-NeoX") and not cases.is_dir():
            print(f"{name}: left out, BITFRONTIER_CASES names no folder with it")
            continue
        yield name, maker()


def best(work, clock, times=3):
    seconds = []
    for _ in range(times):
        start = clock()
        result = work()
        seconds.append(clock() - start)
    return min(seconds), result


def package_speeds(tokenizer, text, parts):
    """MB/s of one string, of documents on one thread and on all cores; tokens of the one string."""
    size = len(text.encode()) / 1e6
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    one, encoding = best(lambda: tokenizer.encode(text, add_special_tokens=False), time.process_time)
    tokens = len(encoding.ids)
    del encoding
    single, _ = best(lambda: tokenizer.encode_batch_fast(parts, add_special_tokens=False), time.process_time)
    os.environ["TOKENIZERS_PARALLELISM"] = "true"
    every, _ = best(lambda: tokenizer.encode_batch_fast(parts, add_special_tokens=False), time.monotonic)
    return size / one, size / single, size / every, tokens


def our_speeds(program, folder):
    """The same two of ours: MB/s of one string in CPU time, of documents on all cores; tokens."""
    run = subprocess.run([program, "--benchmark_filter=encode", "--benchmark_format=json",
                          "--benchmark_repetitions=3"], capture_output=True, text=True, check=True,
                         env={**os.environ, "BITFRONTIER_BENCH_TOKENIZER": str(folder / "tokenizer.json"),
                              "BITFRONTIER_BENCH_TEXT": str(folder / "text.txt")})
    lines = [line for line in json.loads(run.stdout)["benchmarks"] if line["run_type"] == "iteration"]
    whole = [line for line in lines if line["name"].split("/")[0] == "encode"]
    threads = max(int(line["name"].split("threads:")[1].split("/")[0]) for line in lines if "threads:" in line["name"])
    every = [line for line in lines if f"threads:{threads}" in line["name"]]
    return (max(line["MB/s"] for line in whole), max(line["bytes_per_second"] for line in every) / 1e6,
            int(whole[0]["tokens"]))


def main():
    import tokenizers as package

    program, part, only = (sys.argv[1:] + ["", ""])[:3]
    both = texts()
    print(f"tokenizers {package.__version__}, {os.cpu_count()} cores; MB/s")
    print(f"{'tokenizer':10} {'text':5} | one thread: {'encode':>6} {'batch':>6} {'ours':>6} {'times':>6} | "
          f"all cores: {'batch':>6} {'ours':>6} {'times':>6}")
    wrong = 0
    for name, tokenizer in tokenizers(part, both["docs"]):
        for kind, text in both.items():
            if only not in ("", kind):
                continue
            with tempfile.TemporaryDirectory() as place:
                folder = pathlib.Path(place)
                (folder / "text.txt").write_bytes(text.encode())
                tokenizer.save(str(folder / "tokenizer.json"))
                one, single, every, tokens = package_speeds(tokenizer, text, documents(text))
                ours, all_ours, our_tokens = our_speeds(program, folder)
            good = our_tokens == tokens
            wrong += not good
            print(f"{name:10} {kind:5} |             {one:6.1f} {single:6.1f} {ours:6.1f} {ours / max(one, single):6.1f} |"
                  f"            {every:6.1f} {all_ours:6.1f} {all_ours / every:6.1f}"
                  f"{'' if good else f'  {our_tokens} tokens, not {tokens}'}", flush=True)
    sys.exit(wrong != 0)


if __name__ == "__main__":
    environment.enter(__file__)
    main()
