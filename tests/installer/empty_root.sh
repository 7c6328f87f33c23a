#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: empty_root.sh DIST [WORK]   (as root, with debootstrap and network; not part of ctest)
# Unpacks the .tar.gz of `./dev package` into a Debian 12 that has nothing but the packages the archive lists for each
# program, runs them there, then installs the .deb into a second such root.
set -euo pipefail

dist=$(realpath "$1")
work=${2:-$(mktemp -d)}
archive=$(ls "$dist"/bitfrontier-*.tar.gz)
deb=$(ls "$dist"/bitfrontier_*.deb)
say() { printf '== %s\n' "$*"; }

if [ ! -d "$work/base" ]; then
  say "debootstrap"
  debootstrap --variant=minbase bookworm "$work/base" ${MIRROR:+"$MIRROR"} > "$work/debootstrap.log"
fi
# No network configuration of the host is part of a debootstrap, apt inside needs it.
cp /etc/resolv.conf "$work/base/etc/resolv.conf"
for file in /etc/apt/apt.conf.d/*[Pp]roxy*; do
  if [ -e "$file" ]; then cp "$file" "$work/base/etc/apt/apt.conf.d/"; fi
done

inside() { chroot "$1" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "${@:2}"; }
# The loader and the programs find what lies beside them through /proc/self/exe.
unmount() {
  local name
  for name in archive deb; do
    if mountpoint -q "$work/$name/proc"; then umount "$work/$name/proc"; fi
  done
}
trap unmount EXIT
fresh_root() {
  unmount
  rm -rf "${work:?}/$1"
  cp -a "$work/base" "$work/$1"
  mount -t proc proc "$work/$1/proc"
}
listed() { sed -n "s/^$1: //p" "$root"/opt/bitfrontier*/share/doc/bitfrontier/PACKAGES; }

try_programs() {
  local prefix=$1
  inside "$root" "$prefix/bin/bitfrontier" --version
  inside "$root" "$prefix/bin/bitfrontier" devices
  inside "$root" "$prefix/bin/bitfrontier" eval --model pocket-neox-1 --config int4-b64 --suite pocket --items 20 --quiet
  inside "$root" "$prefix/bin/bitfrontier" codebook float4 --json > "$work/codebook.json"
  grep -q '\[' "$work/codebook.json"
}

fresh_root archive
root=$work/archive
tar -C "$root/opt" -xzf "$archive"
prefix=$(cd "$root" && echo opt/bitfrontier*)
say "archive: $(listed bitfrontier)"
# shellcheck disable=SC2046
inside "$root" apt-get install -y --no-install-recommends $(listed bitfrontier) > "$work/apt.log"
try_programs "/$prefix"
say "archive: moved elsewhere"
mv "$root/$prefix" "$root/srv/elsewhere"
inside "$root" /srv/elsewhere/bin/bitfrontier devices

fresh_root deb
root=$work/deb
say "package: $(basename "$deb")"
cp "$deb" "$root/tmp/bitfrontier.deb"
inside "$root" apt-get install -y --no-install-recommends /tmp/bitfrontier.deb > "$work/apt-deb.log"
try_programs /usr
say "package: the window draws a figure without a display"
inside "$root" env QT_QPA_PLATFORM=offscreen bitfrontier-gui --export /tmp/figure.pdf
head -c 5 "$root/tmp/figure.pdf" | grep -q '%PDF-'
say "package: what a desktop needs is there"
for file in applications/io.github.bitfrontier.Bitfrontier.desktop metainfo/io.github.bitfrontier.Bitfrontier.metainfo.xml \
  mime/packages/bitfrontier.xml icons/hicolor/scalable/apps/bitfrontier.svg icons/hicolor/symbolic/apps/bitfrontier-symbolic.svg \
  icons/hicolor/16x16/apps/bitfrontier.png icons/hicolor/256x256/apps/bitfrontier.png man/man1/bitfrontier.1.gz \
  man/man1/bitfrontier-gui.1.gz bash-completion/completions/bitfrontier zsh/site-functions/_bitfrontier \
  fish/vendor_completions.d/bitfrontier.fish bitfrontier/manual/index.md; do
  test -s "$root/usr/share/$file" || { say "missing: $file"; exit 1; }
done
inside "$root" env QT_QPA_PLATFORM=offscreen bitfrontier-gui --screenshot /tmp/manual.png --scene manual
say "all ran"
