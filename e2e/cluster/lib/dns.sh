# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# CoreDNS as a Deployment, so that names of Services resolve in pods. Sourced.

healthy_dns() { kubectl -n kube-system rollout status deployment/coredns --timeout 1s; }

apply_dns() {
  local manifest
  manifest=$(<"$here/manifests/coredns.yaml")
  # Without a name server to ask, CoreDNS would refuse to start.
  grep -q '^nameserver' /etc/resolv.conf || manifest=$(grep -v 'forward \.' <<<"$manifest")
  manifest=${manifest//DNS_ADDRESS/$dns_address}
  kubectl apply -f - <<<"${manifest//REGISTRY/$registry}" >>"$state/log/dns.log" 2>&1 ||
    die "could not create the DNS server's objects; see $state/log/dns.log"
}

up_dns() {
  wait_until 60 "node $node to be ready" node_ready || die "the node is not ready after 60 s; see $state/log/kubelet.log"
  wait_until 60 CoreDNS healthy_dns || die "CoreDNS does not run after 60 s: $(kubectl -n kube-system get pods 2>&1)"
}
