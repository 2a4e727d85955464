# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Fake nodes and pods, which kwok's controller keeps running against the real API server. Sourced.

healthy_kwok() { http_get 127.0.0.1 "$(port kwok)" /healthz; }

# Nodes with this annotation are kwok's; a pod that is to run there tolerates whatever taint its node has.
kwok_annotation=kwok.x-k8s.io/node=fake

kwok() {
  case ${1:-} in
    up)
      build kwok
      daemon kwok "$(path_of kwok)" --kubeconfig "$state/pki/kubeconfig" --server-address "127.0.0.1:$(port kwok)" \
        --manage-all-nodes=false --manage-nodes-with-annotation-selector "$kwok_annotation"
      wait_healthy kwok 30 healthy_kwok
      say "kwok runs nodes annotated $kwok_annotation"
      ;;
    down) terminate kwok ;;
    *) die "kwok needs up or down" ;;
  esac
}
