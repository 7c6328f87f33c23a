# SPDX-License-Identifier: GPL-3.0-or-later
"""What lm-evaluation-harness makes of the small cases: requests, samples and metrics of its own tasks over our items."""
import json
import pathlib
import tempfile

import lm_eval
from lm_eval.models.huggingface import HFLM
from lm_eval.tasks import TaskManager

import texts

# The harness's task files; only the place of the data is changed.
SOURCES = {"lambada": "lambada/lambada_openai.yaml", "hellaswag": "hellaswag/hellaswag.yaml", "piqa": "piqa/piqa.yaml",
           "winogrande": "winogrande/default.yaml", "arc": "arc/arc_easy.yaml", "wikitext": "wikitext/wikitext.yaml"}
SPLITS = {"lambada": "test", "arc": "test", "wikitext": "test"}
# model, name of the run, options of the harness's model
RUNS = [("gpt2", "default", {}), ("gpt2", "maxlen40", dict(max_length=40)), ("opt", "default", {}),
        ("opt-post-proj", "nobos", dict(add_bos_token=False)), ("neox", "default", {}),
        ("neox", "addbos", dict(add_bos_token=True)), ("bloom", "default", {}),
        ("llama-grouped-llama3-rope", "default", {}), ("mistral-window-shorter", "default", {}),
        ("qwen3-norms", "default", {})]


class Recorder(HFLM):
    """Keeps every request with its token ids and answer, in the order they were asked in."""

    def __init__(self, **options):
        super().__init__(**options)
        self.lines = []

    def _loglikelihood_tokens(self, requests, *args, **kwargs):
        answers = super()._loglikelihood_tokens(requests, *args, **kwargs)
        for (texts_, context, continuation), (value, greedy) in zip(requests, answers):
            pair = texts_ or (None, None)  # none for a window of a whole page
            self.lines.append(dict(context=pair[0], continuation=pair[1], ctx_ids=list(context), cont_ids=list(continuation),
                                   ll=float(value), greedy=bool(greedy)))
        return answers


def write_tasks(root):
    (root / "tasks").mkdir()
    for name, items in texts.TASKS.items():
        (root / "tasks" / f"{name}.jsonl").write_text("".join(json.dumps(i, ensure_ascii=False) + "\n" for i in items))


def task_manager(root, place):
    """The tasks ref_<name>: those of the harness with our items."""
    tasks = pathlib.Path(lm_eval.__file__).parent / "tasks"
    for name, source in SOURCES.items():
        split = SPLITS.get(name, "validation")
        (place / f"ref_{name}.yaml").write_text(
            f"include: {tasks / source}\ntask: ref_{name}\ntag: null\ndataset_path: json\ndataset_name: null\n"
            f"training_split: null\nvalidation_split: {'validation' if split == 'validation' else 'null'}\n"
            f"test_split: {'test' if split == 'test' else 'null'}\n"
            f"dataset_kwargs:\n  data_files:\n    {split}: {root / 'tasks' / (name + '.jsonl')}\n")
    return TaskManager(include_path=str(place), include_defaults=False)


def small(sample, name):
    kept = dict(doc_id=sample["doc_id"], target=sample["target"], resps=sample["filtered_resps"])
    return kept | {metric: sample[metric] for metric in ("acc", "acc_norm", "perplexity", "word_perplexity") if metric in sample}


def run(root, model, run_name, options):
    with tempfile.TemporaryDirectory() as place:
        manager = task_manager(root, pathlib.Path(place))
        lm = Recorder(pretrained=str(root / "models" / model / "safetensors"), device="cpu", dtype="float32", batch_size=4, **options)
        results, samples = {}, {}
        for name in SOURCES:
            done = lm_eval.simple_evaluate(model=lm, tasks=[f"ref_{name}"], task_manager=manager, bootstrap_iters=100000,
                                           log_samples=True, verbosity="ERROR")
            results[f"ref_{name}"] = {k: v for k, v in done["results"][f"ref_{name}"].items() if k.endswith(",none")}
            samples[f"ref_{name}"] = [small(s, name) for s in sorted(done["samples"][f"ref_{name}"], key=lambda s: s["doc_id"])]
        folder = root / "models" / model / "lm_eval" / run_name
        folder.mkdir(parents=True)
        summary = dict(results=results, lm_eval=lm_eval.__version__, dtype="float32", max_length=lm.max_length,
                       prefix_token_id=lm.prefix_token_id, add_bos_token=options.get("add_bos_token"))
        (folder / "results.json").write_text(json.dumps(summary, indent=1) + "\n")
        (folder / "samples.json").write_text(json.dumps(samples, ensure_ascii=False) + "\n")
        (folder / "requests.jsonl").write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lm.lines))
        return f"{model} {run_name}: {len(lm.lines)} requests, " + ", ".join(
            f"{name} {results[f'ref_{name}'].get('acc,none', float('nan')):.2f}" for name in SOURCES)
