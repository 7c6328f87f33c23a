# SPDX-License-Identifier: GPL-3.0-or-later
"""One small tokenizer of each kind that the families have, trained on texts.corpus()."""
import json

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

import texts

PIECES = 320  # tokens of a byte-level vocabulary
# Patterns of our own with the constructs that those of BLOOM and Llama 3 have.
BLOOM_PATTERN = r" ?[^\s.,!?:;]+|[.,!?:;]+|\s+"
LLAMA3_PATTERN = r"(?i:'s|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"


def trained(specials, normalizer=None, pre_tokenizer=None):
    tokenizer = Tokenizer(models.BPE())
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizer or pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=PIECES, special_tokens=specials, show_progress=False,
                                  initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.train_from_iterator(texts.corpus(), trainer)
    return tokenizer


def write_vocabulary(tokenizer, folder):
    """vocab.json and merges.txt, without tokenizer.json."""
    model = json.loads(tokenizer.to_str())["model"]
    (folder / "vocab.json").write_text(json.dumps(model["vocab"], ensure_ascii=False))
    merges = [m if isinstance(m, str) else " ".join(m) for m in model["merges"]]
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n")


def write_config(folder, **keys):
    (folder / "tokenizer_config.json").write_text(json.dumps(keys, indent=1) + "\n")


def gpt2(folder):
    end = "<|endoftext|>"
    write_vocabulary(trained([end]), folder)
    write_config(folder, tokenizer_class="GPT2Tokenizer", bos_token=end, eos_token=end, unk_token=end)


def opt(folder):
    write_vocabulary(trained(["<s>", "<pad>", "</s>", "<unk>"]), folder)
    write_config(folder, tokenizer_class="GPT2Tokenizer", bos_token="</s>", eos_token="</s>", unk_token="</s>",
                 pad_token="<pad>", add_bos_token=True, add_prefix_space=False)


def neox(folder):
    end = "<|endoftext|>"
    tokenizer = trained([end, "<|padding|>"], normalizers.NFC())
    tokenizer.add_tokens([AddedToken(" " * n, normalized=True) for n in (4, 3, 2)])
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    write_config(folder, tokenizer_class="GPTNeoXTokenizer", bos_token=end, eos_token=end, unk_token=end,
                 add_prefix_space=False)


def bloom(folder):
    cut = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(BLOOM_PATTERN), "isolated"),
                                   pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    trained(["<unk>", "<s>", "</s>", "<pad>"], None, cut).save(str(folder / "tokenizer.json"), pretty=False)
    write_config(folder, tokenizer_class="BloomTokenizerFast", bos_token="<s>", eos_token="</s>", unk_token="<unk>",
                 pad_token="<pad>")


def llama3(folder):
    """Byte-level with a pattern, whole words of the vocabulary kept, bos in front by a template."""
    cut = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(LLAMA3_PATTERN), "isolated"),
                                   pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer = trained(["<|begin|>", "<|end|>"], None, cut)
    tokenizer.post_processor = processors.TemplateProcessing(single="<|begin|> $A", special_tokens=[("<|begin|>", 0)])
    parts = json.loads(tokenizer.to_str())
    parts["model"]["ignore_merges"] = True
    (folder / "tokenizer.json").write_text(json.dumps(parts, ensure_ascii=False))
    write_config(folder, tokenizer_class="PreTrainedTokenizerFast", bos_token="<|begin|>", eos_token="<|end|>")


def llama2(folder):
    """Spaces as U+2581, one put in front, characters that are not in the vocabulary as bytes."""
    words = Tokenizer(models.BPE())
    words.pre_tokenizer = pre_tokenizers.Metaspace()
    words.train_from_iterator(texts.corpus(), trainers.BpeTrainer(vocab_size=130, show_progress=False))
    learned = json.loads(words.to_str())["model"]
    names = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    names += sorted(learned["vocab"], key=learned["vocab"].get)
    merges = [tuple(m.split(" ")) if isinstance(m, str) else tuple(m) for m in learned["merges"]]
    tokenizer = Tokenizer(models.BPE(vocab={name: i for i, name in enumerate(names)}, merges=merges, unk_token="<unk>",
                                     fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(),
                                           decoders.Strip(" ", 1, 0)])
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    tokenizer.add_special_tokens(["<unk>", "<s>", "</s>"])
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    write_config(folder, tokenizer_class="PreTrainedTokenizerFast", bos_token="<s>", eos_token="</s>", unk_token="<unk>")


def qwen(folder):
    end = "<|endoftext|>"
    write_vocabulary(trained([end], normalizers.NFC()), folder)
    write_config(folder, tokenizer_class="Qwen2Tokenizer", eos_token=end, pad_token=end, unk_token=None, bos_token=None)


KINDS = dict(gpt2=gpt2, opt=opt, neox=neox, bloom=bloom, llama3=llama3, llama2=llama2, qwen=qwen)


def encodings(folder):
    """What AutoTokenizer makes of texts.TOKENS."""
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    for text in texts.TOKENS:
        plain = tokenizer(text, add_special_tokens=False).input_ids
        yield dict(text=text, ids=tokenizer(text).input_ids, ids_no_special=plain,
                   decoded=tokenizer.decode(plain, skip_special_tokens=False, clean_up_tokenization_spaces=False))
