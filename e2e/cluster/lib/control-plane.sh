# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# etcd, kube-apiserver, kube-controller-manager, kube-scheduler. Sourced.

kubectl() { "$(path_of kubectl)" --kubeconfig "$state/pki/kubeconfig" "$@"; }

healthy_etcd() { http_get 127.0.0.1 "$(port etcd)" /health | grep -q '"health":"true"'; }
healthy_apiserver() { kubectl get --raw /readyz --request-timeout 5s; }
healthy_controller_manager() { kubectl --server "https://127.0.0.1:$(port controller-manager)" get --raw /healthz --request-timeout 5s; }
healthy_scheduler() { kubectl --server "https://127.0.0.1:$(port scheduler)" get --raw /healthz --request-timeout 5s; }

up_etcd() {
  local client peer
  client=http://127.0.0.1:$(port etcd)
  peer=http://127.0.0.1:$(port etcd-peer)
  # Without fsync: what a power cut would do to a test cluster does not matter, how long a test waits for the disk does.
  # The quota is etcd's largest recommended one, because the API server is told not to compact.
  daemon etcd "$(path_of etcd)" --name local --data-dir "$state/etcd" --unsafe-no-fsync --quota-backend-bytes 8589934592 \
    --listen-client-urls "$client" --advertise-client-urls "$client" \
    --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" --initial-cluster "local=$peer"
  wait_healthy etcd 30 healthy_etcd
}

# The address is not 127.0.0.1, which pods could not reach and which the kubernetes Service does not accept, yet never leaves the
# machine. Whoever may not add it gets an API server for processes of this machine only.
claim_address() {
  [ "$address" = 127.0.0.1 ] || ip address replace "$address/32" dev lo
}

# Removes the address unless another instance still listens on it; /proc has it in hexadecimal, the last byte first.
release_address() {
  local hexadecimal
  [ $EUID -eq 0 ] && [ "$address" != 127.0.0.1 ] || return 0
  hexadecimal=$(tr . '\n' <<<"$address" | tac | xargs printf %02X)
  grep -q "^ *[0-9]*: $hexadecimal:[0-9A-F]* [0-9A-F:]* 0A" /proc/net/tcp ||
    ip address del "$address/32" dev lo 2>/dev/null || true
}

up_apiserver() {
  local pki=$state/pki extra=()
  pki
  claim_address
  [ ! -f "$state/apiserver.arguments" ] || mapfile -t extra <"$state/apiserver.arguments"
  # No compaction: tests ask for lists at exact versions long after.
  daemon apiserver "$(path_of kube-apiserver)" \
    --etcd-servers "http://127.0.0.1:$(port etcd)" --etcd-compaction-interval 0 \
    --bind-address "$address" --advertise-address "$api_address" --secure-port "$(port apiserver)" \
    --service-cluster-ip-range "$service_range" --allow-privileged \
    --tls-cert-file "$pki/serving.crt" --tls-private-key-file "$pki/serving.key" --client-ca-file "$pki/ca.crt" \
    --kubelet-client-certificate "$pki/kubelet-client.crt" --kubelet-client-key "$pki/kubelet-client.key" \
    --kubelet-certificate-authority "$pki/ca.crt" --kubelet-preferred-address-types InternalIP \
    --service-account-issuer https://kubernetes.default.svc --service-account-key-file "$pki/service-account.pub" \
    --service-account-signing-key-file "$pki/service-account.key" \
    --requestheader-client-ca-file "$pki/front-proxy-ca.crt" --requestheader-allowed-names front-proxy-client \
    --requestheader-extra-headers-prefix X-Remote-Extra- --requestheader-group-headers X-Remote-Group \
    --requestheader-username-headers X-Remote-User --enable-aggregator-routing \
    --proxy-client-cert-file "$pki/front-proxy-client.crt" --proxy-client-key-file "$pki/front-proxy-client.key" \
    --authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction "${extra[@]}"
  wait_healthy apiserver 90 healthy_apiserver
}

# kube_daemon NAME: the flags which the controller manager and the scheduler share, then its own
kube_daemon() {
  local name=$1 config=$state/pki/$1.kubeconfig
  shift
  # The default, 20 requests a second, is too slow for thousands of fake pods.
  daemon "$name" "$(path_of "kube-$name")" --kube-api-qps 1000 --kube-api-burst 2000 --kubeconfig "$config" --authentication-kubeconfig "$config" \
    --authorization-kubeconfig "$config" --bind-address 127.0.0.1 --secure-port "$(port "$name")" --leader-elect=false \
    --tls-cert-file "$state/pki/serving.crt" --tls-private-key-file "$state/pki/serving.key" "$@"
}

up_controller_manager() {
  local pki=$state/pki flags=()
  # Then all nodes are kwok's, which is late on a busy machine, and does not make pods ready again that were not for a while.
  wants node || flags+=(--node-monitor-grace-period 1h)
  kube_daemon controller-manager --service-account-private-key-file "$pki/service-account.key" --root-ca-file "$pki/ca.crt" \
    --use-service-account-credentials --cluster-signing-cert-file "$pki/ca.crt" --cluster-signing-key-file "$pki/ca.key" "${flags[@]}"
  wait_healthy controller-manager 60 healthy_controller_manager
}

up_scheduler() {
  kube_daemon scheduler
  wait_healthy scheduler 60 healthy_scheduler
}
