#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: runtime_packages.sh BIN   for each program in BIN one line "program: package package ...": the Debian packages that
# own the shared libraries it loads. Libraries of ours and of the wheels belong to no package and are left out.
set -euo pipefail

bin=$1
for program in "$bin"/*; do
  packages=$(
    loaded=("$program")
    # What the window loads later.
    engine=$bin/../lib/bitfrontier/libbitfrontier_engine.so
    if [[ $(basename "$program") == bitfrontier-gui && -e $engine ]]; then loaded+=("$engine"); fi
    ldd "${loaded[@]}" | awk '$2 == "=>" && $3 ~ /^\// {print $3}' | while read -r library; do
      # A library may be registered under the name the linker uses or where the links end (/lib against /usr/lib).
      real=$(realpath "$library")
      for candidate in "$library" "$real" "/usr$library" "${real#/usr}"; do
        if owner=$(dpkg-query -S "$candidate" 2>/dev/null); then
          owner=${owner%%: *}
          echo "${owner%%:*}"
          break
        fi
      done
    done | sort -u | tr '\n' ' '
  )
  echo "$(basename "$program"): $packages"
done
