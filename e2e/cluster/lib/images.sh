# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Container images, made here and loaded into containerd: there may be no registry to ask. Sourced.

registry=traversion.test

image_programs() { echo pack pause actor coredns minio; }

# Where the archive of all images is, once packed.
image_archive() {
  local coredns minio
  coredns=$(path_of coredns)
  coredns=${coredns%/*}
  minio=$(path_of minio)
  minio=${minio%/*}
  echo "$(dirname "$(path_of actor)")/images-${coredns##*/}-${minio##*/}.tar"
}

pack_images() {
  local archive actor
  archive=$(image_archive)
  [ ! -f "$archive" ] || return 0
  actor=$(path_of actor)
  progress "packing images" "${archive%.tar}.log" "$(path_of pack)" "$archive.new" \
    "$registry/pause:1=$(path_of pause)" "$registry/coredns:1=$(path_of coredns)" "$registry/minio:1=$(path_of minio)" \
    "$registry/actor:1=$actor,ACTOR_VERSION=1" "$registry/actor:2=$actor,ACTOR_VERSION=2" "$registry/actor:3=$actor,ACTOR_VERSION=3"
  mv "$archive.new" "$archive"
}

import_images() {
  local archive
  archive=$(image_archive)
  [ "$(cat "$state/containerd/imported" 2>/dev/null)" != "$archive" ] || return 0
  load_images "$archive"
  echo "$archive" >"$state/containerd/imported"
}

load_images() {
  progress "importing images" "$state/log/images.log" ctr --address "$state/containerd/containerd.sock" -n k8s.io images import "$1"
}

tag_image() {
  ctr --address "$state/containerd/containerd.sock" -n k8s.io images tag --force "$1" "$2" >/dev/null
}
