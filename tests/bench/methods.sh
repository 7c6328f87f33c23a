#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What methods beside plain rounding do to the shipped models: perplexity of held-out text and mean accuracy over the
# four tasks, int and nf at 3 and 4 bits in blocks of 64, as the Markdown table of RESULTS.md.
# usage: tests/bench/methods.sh [bitfrontier program] [store] [models, comma separated] [items a task]
set -euo pipefail
program=${1:-bitfrontier}
store=${2:-methods.bfdb}
models=${3:-pocket-neox-2,pocket-neox-4}
items=${4:-300}
methods=("" -mean -bmean -o2 -oc2 -mse -wmse -gptq -gptq-act -mse-gptq -awq)
configs=fp16
for type in int3 nf3 int4 nf4; do
  for method in "${methods[@]}"; do configs+=",$type-b64$method"; done
done
"$program" sweep --suite pocket --models "$models" --configs "$configs" --items "$items" --store "$store" --quiet >&2
# Columns are found by name: the store may gain some.
"$program" runs "$store" --csv | awk -F, '
  NR == 1 { for (i = 1; i <= NF; ++i) at[$i] = i; next }
  {
    model = $at["model"]; config = $at["config"]; key = model SUBSEP config
    if (!(model in seenModel)) { seenModel[model]; modelList[++modelCount] = model }
    if ($at["accuracy"] != "") { sum[key] += $at["accuracy"]; ++tasks[key] }
    if ($at["cross_entropy"] != "" && $at["accuracy"] == "") { nats[key] = $at["cross_entropy"] }
    bits[config] = $at["bits_per_parameter"]
  }
  function cell(model, config) {
    key = model SUBSEP config
    return sprintf(" %.3f / %.1f |", exp(nats[key]), 100 * sum[key] / tasks[key])
  }
  END {
    printf "| configuration | bits |"
    for (m = 1; m <= modelCount; ++m) printf " %s |", modelList[m]
    printf "\n|---|---|"
    for (m = 1; m <= modelCount; ++m) printf "---|"
    count = split(order, list, ",")
    for (c = 1; c <= count; ++c) {
      printf "\n| %s | %.2f |", list[c], bits[list[c]]
      for (m = 1; m <= modelCount; ++m) printf "%s", cell(modelList[m], list[c])
    }
    printf "\n"
  }' order="$configs"
