# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Fake nodes and pods, which kwok's controller keeps running against the real API server. Sourced.

healthy_kwok() { http_get 127.0.0.1 "$(port kwok)" /healthz; }

# Nodes with this annotation are kwok's; a pod that is to run there tolerates whatever taint its node has.
kwok_annotation=kwok.x-k8s.io/node=fake

# What fake nodes and pods go through: nodes and pods become ready at once, those of Jobs complete. kwok's own, beside the program.
kwok_stages() {
  local program stages folder stage
  program=$(path_of kwok)
  stages=${program%/*}/stages.yaml
  if [ ! -f "$stages" ]; then
    folder=$(cd "$here/tools/kwok" && GOTOOLCHAIN=local go mod download -json sigs.k8s.io/kwok | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
    for stage in node/fast/node-initialize node/heartbeat-with-lease/node-heartbeat-with-lease \
      pod/fast/pod-ready pod/fast/pod-complete pod/fast/pod-delete; do
      echo ---
      cat "$folder/kustomize/stage/$stage.yaml"
    done >"$stages.new"
    mv "$stages.new" "$stages"
  fi
  echo "$stages"
}

kwok() {
  case ${1:-} in
    up)
      build kwok
      daemon kwok "$(path_of kwok)" --kubeconfig "$state/pki/kubeconfig" --server-address "127.0.0.1:$(port kwok)" \
        --manage-all-nodes=false --node-lease-duration-seconds 40 --manage-nodes-with-annotation-selector "$kwok_annotation" --config "$(kwok_stages)"
      wait_healthy kwok 30 healthy_kwok
      say "kwok runs nodes annotated $kwok_annotation"
      ;;
    down) terminate kwok ;;
    *) die "kwok needs up or down" ;;
  esac
}
