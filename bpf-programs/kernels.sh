#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Loads the probes into Debian's stock kernels, each in a machine of QEMU, and says what their verifiers say. No KVM is needed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() {
  cat <<'TEXT'
Usage: bpf-programs/kernels.sh [6.1 | 6.12]...   Both without a version; half a minute each on an idle machine
       bpf-programs/kernels.sh packages          Installs what that needs, as root on Debian 12

Kernels are kept in ${TRAVERSION_CACHE:-~/.cache/traversion}/kernels. Succeeds if each takes every probe,
and those of the start run.
TEXT
}

cache=${TRAVERSION_CACHE:-$HOME/.cache/traversion}/kernels
seconds=240

die() {
  echo "kernels: $*" >&2
  exit 1
}

install_packages() {
  ./build.sh packages
  DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends --no-remove install qemu-system-x86 busybox-static cpio
}

# Prints the path of the newest stock kernel of a version.
kernel() {
  local name file
  name=$(apt-cache search --names-only "^linux-image-${1//./\\.}\\.[0-9].*-cloud-amd64\$" | cut -d' ' -f1 | sort -V | tail -1)
  [ -n "$name" ] || die "apt knows no kernel $1 (run apt-get update; 6.12 is in bookworm-security)"
  file=$cache/$name
  if [ ! -f "$file" ]; then
    mkdir -p "$cache"
    (cd "$work" && apt-get -q download "$name" >&2 && dpkg-deb --fsys-tarfile "$name"_*.deb | tar -x --wildcards './boot/vmlinuz-*')
    mv "$work"/boot/vmlinuz-* "$file"
  fi
  echo "$file"
}

# A program and what it is linked with, in the folder of the machine.
with_libraries() {
  local library
  cp "$1" "$root/bin/"
  ldd "$1" | grep -o '/[^ ]*' | while read -r library; do
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
  done
}

# The machine: it loads one probe after another, and says of each what became of it.
machine() {
  root=$work/root
  mkdir -p "$root"/{bin,proc,sys,probes}
  cp "$(command -v busybox)" "$root/bin/busybox"
  with_libraries "$(readlink -f "$(command -v bpftool)")"
  ./build.sh "$work/probes"
  cp "$work"/probes/*.bpf.o "$root/probes/"
  cat >"$root/init" <<'INIT'
#!/bin/busybox sh
/bin/busybox mount -t proc none /proc
/bin/busybox mount -t sysfs none /sys
/bin/busybox mount -t bpf none /sys/fs/bpf
echo "it runs"
for probe in /probes/*.bpf.o; do
  name=$(/bin/busybox basename "$probe" .bpf.o)
  if /bin/bpftool prog loadall "$probe" "/sys/fs/bpf/$name" >/said 2>&1; then
    echo "probe $name: ok"
  else
    /bin/busybox tail -n 30 /said
    echo "probe $name: REFUSED"
  fi
  # These can be run here: all processes and their sockets are walked.
  case $name in
    running | open)
      /bin/bpftool iter pin "$probe" "/sys/fs/bpf/$name-iterator" && /bin/busybox cat "/sys/fs/bpf/$name-iterator" && echo "probe $name-iterator: ok" ||
        echo "probe $name-iterator: REFUSED" ;;
  esac
done
echo "all told"
/bin/busybox poweroff -f
INIT
  chmod +x "$root/init"
  (cd "$root" && find . | cpio --quiet -o -H newc | gzip -1) >"$work/initramfs"
}

# Whether all probes are taken by the kernel of a version.
check() {
  local image said=$work/said-$1
  image=$(kernel "$1")
  echo "Linux $1 ($(basename "$image")):"
  timeout "$seconds" qemu-system-x86_64 -accel tcg -cpu max -m 512 -nographic -no-reboot -net none -kernel "$image" -initrd "$work/initramfs" \
    -append "console=ttyS0 quiet panic=-1 rdinit=/init" >"$said" 2>&1 </dev/null || true
  # Before that is what the firmware says.
  tr -d '\r' <"$said" | sed '1,/it runs/d; /all told/,$d; s/^/  /'
  grep -q "all told" "$said" || die "the machine did not come to its end within $seconds s"
  ! grep -q REFUSED "$said"
}

case ${1:-} in
  packages) install_packages; exit ;;
  -*) usage; exit 2 ;;
esac
for program in qemu-system-x86_64 busybox cpio bpftool clang; do
  command -v "$program" >/dev/null || die "there is no $program (bpf-programs/kernels.sh packages installs it)"
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
machine
status=0
for version in "${@:-6.1 6.12}"; do
  # shellcheck disable=SC2086 # two words
  for one in $version; do
    check "$one" || status=1
  done
done
exit $status
