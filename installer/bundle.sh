#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: bundle.sh BUILD TARGET
# A folder with the command line program, the GPU tests and benchmark, the CUDA module and the distribution's libraries they
# need, for a machine with a GPU that has the same libtorch (a Python with torch, or `./dev setup --cuda`). TARGET/gpu-check
# runs the tests and the benchmark there. TARGET.tar.gz is the same folder, packed.
set -euo pipefail

build=$1
target=$2
source=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)

filter='*Cuda*:*CUDA*:*Gpu*:*GPU*:-*Emulated*:*WithoutAGpu*'

has_gpu_tests() { "$1" --gtest_list_tests --gtest_filter="$filter" 2>/dev/null | grep -q '^  '; }

rm -rf "$target"
mkdir -p "$target/bin" "$target/lib"
for program in "$build"/bin/bitfrontier "$build"/bin/bench_cuda "$build"/bin/test_kernels "$build"/bin/test_core_*; do
  case $program in
    */test_*) if [ ! -x "$program" ] || ! has_gpu_tests "$program"; then continue; fi ;;
  esac
  strip -o "$target/bin/$(basename "$program")" "$program"
done
module=$build/bin/libbitfrontier_cuda.so
if [ -e "$module" ]; then cp "$module" "$target/bin/"; fi

# Everything but the C library and what the wheels bring.
for program in "$target"/bin/*; do
  ldd "$program" | awk '$2 == "=>" && $3 ~ /^\// {print $3}'
done | sort -u | while read -r library; do
  case $(basename "$library") in
    libc.so.* | libm.so.* | libdl.so.* | librt.so.* | libpthread.so.* | libresolv.so.* | ld-linux*) ;;
    libtorch* | libc10* | libgomp* | libcupti* | libcudart*) ;;
    *) cp -L "$library" "$target/lib/" ;;
  esac
done
cp -r "$source/resources" "$target/resources"

cat > "$target/gpu-check" <<'CHECK'
#!/usr/bin/env bash
# usage: gpu-check [GTEST_FILTER]   TORCH_LIB names the folder of libtorch_cpu.so; without it python3 is asked.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
filter=${1:-@FILTER@}
if [ -z "${TORCH_LIB:-}" ]; then
  if ! version=$(python3 -c 'import torch; print(torch.__version__)' 2>/dev/null); then
    echo "gpu-check: python3 has no torch; set TORCH_LIB to the folder of libtorch_cpu.so of torch 2.11" >&2
    exit 1
  fi
  case $version in
    2.11.*) ;;
    *) echo "gpu-check: this bundle needs torch 2.11, python3 has $version" >&2; exit 1 ;;
  esac
  TORCH_LIB=$(python3 -c 'import os, torch; print(os.path.join(os.path.dirname(torch.__file__), "lib"))')
fi
export LD_LIBRARY_PATH=$here/lib:$TORCH_LIB${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export BITFRONTIER_RESOURCES=$here/resources
# Without a GPU the tests skip; that must not look like success.
devices=$("$here/bin/bitfrontier" devices)
echo "$devices"
if ! grep -q '^cuda:.* available$' <<< "$devices"; then
  echo "gpu-check: nothing was checked, no GPU can be used here: $(sed -n 's/^cuda.*  \([^ ]\)/\1/p' <<< "$devices" | head -n 1)" >&2
  exit 1
fi
failed=0
ran=0
for program in "$here"/bin/test_*; do
  if ! "$program" --gtest_list_tests --gtest_filter="$filter" 2>/dev/null | grep -q '^  '; then continue; fi
  echo "== $(basename "$program")"
  ran=$((ran + 1))
  "$program" --gtest_filter="$filter" || failed=$((failed + 1))
  command -v compute-sanitizer >/dev/null || continue
  echo "== compute-sanitizer $(basename "$program")"
  compute-sanitizer --error-exitcode 1 "$program" --gtest_filter="$filter" --gtest_brief=1 || failed=$((failed + 1))
done
command -v compute-sanitizer >/dev/null || echo "gpu-check: no compute-sanitizer here, memory accesses were not checked"
if [ "$failed" -eq 0 ] && [ -x "$here/bin/bench_cuda" ]; then
  "$here/bin/bench_cuda" || failed=$((failed + 1))
fi
echo "gpu-check: $ran test programs ran, $failed runs failed"
[ "$ran" -gt 0 ] && [ "$failed" -eq 0 ]
CHECK
sed -i "s/@FILTER@/$filter/" "$target/gpu-check"
chmod +x "$target/gpu-check"
tar -czf "$target.tar.gz" -C "$(dirname "$target")" "$(basename "$target")"
du -sh "$target" "$target.tar.gz" >&2
