# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The machine as a node: containerd, kubelet, kube-proxy, and taking all traces of them away again. Sourced.

bridge=travcni0
pod_range=10.255.1.0/24

# What the machine was like before: the node's owner, iptables rules and kernel settings. Under /run, since all of that ends with
# a reboot, and apart from the state, which somebody may delete by hand.
before=/run/traversion-node
settings=(
  net.ipv4.ip_forward net.ipv4.conf.all.route_localnet net.bridge.bridge-nf-call-iptables vm.overcommit_memory vm.panic_on_oom
  kernel.panic kernel.panic_on_oops kernel.keys.root_maxkeys kernel.keys.root_maxbytes
)

healthy_containerd() { ctr --address "$state/containerd/containerd.sock" version; }
healthy_kubelet() { http_get 127.0.0.1 "$(port kubelet-health)" /healthz; }
healthy_kube_proxy() { http_get 127.0.0.1 "$(port kube-proxy-health)" /healthz; }
node_ready() { kubectl get node "$node" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}' | grep -qx True; }

node_owner() { cat "$before/owner" 2>/dev/null || true; }

plugin_directory() {
  local directory
  for directory in /usr/lib/cni /opt/cni/bin /usr/libexec/cni; do
    [ ! -x "$directory/bridge" ] || { echo "$directory"; return; }
  done
  return 1
}

# Chains and rules of Kubernetes, of CNI plugins and of ours, one a line as "TABLE -A ...": rules_of iptables
rules_of() {
  "$1-save" 2>/dev/null | awk '
    /^\*/ { table = substr($1, 2) }
    /^:(KUBE|CNI|TRAVERSION)-/ { print table, "-N", substr($1, 2) }
    /^-A .*(KUBE|CNI|TRAVERSION)-/ { print table, $0 }' | LC_ALL=C sort
}

remember_machine() {
  local setting command
  [ ! -f "$before/owner" ] || return 0
  mkdir -p "$before"
  for setting in "${settings[@]}"; do
    cat "/proc/sys/${setting//.//}" >"$before/$setting" 2>/dev/null || rm -f "$before/$setting"
  done
  for command in iptables ip6tables; do
    rules_of "$command" >"$before/$command"
  done
  echo "$state" >"$before/owner"
}

# What goes to the address of a Service that is not there (yet) must not leave the machine, where a proxy may answer it. What goes
# to one that is there has another destination by now. CNI's firewall plugin asks the chain CNI-ADMIN before it lets pods through.
keep_services_local() {
  local chain
  iptables -w -N CNI-ADMIN 2>/dev/null || true
  for chain in CNI-ADMIN OUTPUT; do
    set -- "$chain" -d "$service_range" -m comment --comment "TRAVERSION-SERVICES" -j REJECT
    iptables -w -C "$@" 2>/dev/null || iptables -w -A "$@"
  done
}

up_containerd() {
  local snapshotter=overlayfs directory=$state/containerd
  mkdir -p "$directory" "$state/cni"
  [ "$(stat -fc %T "$directory")" != overlayfs ] || snapshotter=native
  cat >"$directory/config.toml" <<TOML
version = 2
root = "$directory/root"
state = "$directory/state"
[grpc]
  address = "$directory/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "$registry/pause:1"
  stream_server_address = "127.0.0.1"
  disable_apparmor = true
  # Where even root may not lower oom_score_adj (no CAP_SYS_RESOURCE), runc could not make a sandbox otherwise.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "$(plugin_directory)"
    conf_dir = "$state/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "$snapshotter"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        Root = "$directory/runc"
        SystemdCgroup = false
TOML
  # The firewall plugin lets pods' packets pass where Docker has set the policy of FORWARD to DROP.
  cat >"$state/cni/10-traversion.conflist" <<JSON
{
  "cniVersion": "0.4.0",
  "name": "traversion",
  "plugins": [
    {
      "type": "bridge", "bridge": "$bridge", "isGateway": true, "ipMasq": true, "hairpinMode": true,
      "ipam": {
        "type": "host-local", "ranges": [[{"subnet": "$pod_range"}]], "routes": [{"dst": "0.0.0.0/0"}],
        "dataDir": "$state/cni/addresses"
      }
    },
    {"type": "firewall"},
    {"type": "portmap", "capabilities": {"portMappings": true}}
  ]
}
JSON
  daemon containerd containerd --config "$directory/config.toml"
  wait_healthy containerd 30 healthy_containerd
}

up_kubelet() {
  local pki=$state/pki resolver=/etc/resolv.conf
  [ ! -f /run/systemd/resolve/resolv.conf ] || resolver=/run/systemd/resolve/resolv.conf
  mkdir -p "$state/manifests"
  cat >"$state/kubelet.yaml" <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
failCgroupV1: false
cgroupDriver: cgroupfs
containerRuntimeEndpoint: unix://$state/containerd/containerd.sock
address: $address
port: $(port kubelet)
healthzBindAddress: 127.0.0.1
healthzPort: $(port kubelet-health)
readOnlyPort: 0
failSwapOn: false
tlsCertFile: $pki/serving.crt
tlsPrivateKeyFile: $pki/serving.key
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $pki/ca.crt}}
authorization: {mode: Webhook}
clusterDomain: cluster.local
clusterDNS: [$dns_address]
resolvConf: $resolver
podLogsDir: $state/pods
staticPodPath: $state/manifests
volumePluginDir: $state/volume-plugins
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
evictionHard: {memory.available: 100Mi, nodefs.available: ${TRAVERSION_NODEFS_AVAILABLE:-1%}, imagefs.available: 1%, nodefs.inodesFree: 1%}
YAML
  daemon kubelet "$(path_of kubelet)" --config "$state/kubelet.yaml" --kubeconfig "$pki/kubelet.kubeconfig" \
    --root-dir "$state/kubelet" --cert-dir "$state/kubelet/pki" --hostname-override "$node" --node-ip "$address"
  wait_healthy kubelet 60 healthy_kubelet
}

up_kube_proxy() {
  cat >"$state/kube-proxy.yaml" <<YAML
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: iptables
clientConnection: {kubeconfig: $state/pki/proxy.kubeconfig}
bindAddress: $address
healthzBindAddress: 127.0.0.1:$(port kube-proxy-health)
metricsBindAddress: 127.0.0.1:$(port kube-proxy-metrics)
clusterCIDR: $pod_range
hostnameOverride: $node
conntrack: {maxPerCore: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
YAML
  daemon kube-proxy "$(path_of kube-proxy)" --config "$state/kube-proxy.yaml"
  wait_healthy kube-proxy 60 healthy_kube_proxy
}

up_node() {
  remember_machine
  keep_services_local
  up_containerd
  import_images
  up_kubelet
  up_kube_proxy
}

down_node() {
  [ "$(node_owner)" = "$state" ] || return 0
  local name
  for name in kubelet kube-proxy; do terminate "$name"; done
  kill_pods
  terminate containerd
  kill_strays
  remove_namespaces
  remove_mounts
  ip link delete "$bridge" 2>/dev/null || true
  remove_rules iptables
  remove_rules ip6tables
  remove_cgroups
  remove_files
  restore_settings
  rm -rf "$before"
}

# Containers first, shims with the other strays: nothing has to end gracefully whose data is deleted a moment later.
kill_pods() {
  local pid
  { find /sys/fs/cgroup -path '*/kubepods*' -name cgroup.procs -exec cat {} + 2>/dev/null || true; } | sort -u | while read -r pid; do
    kill -KILL "$pid" 2>/dev/null || true
  done
}

# Network namespaces of our pods: named by a sandbox's bundle, or with an address of our range.
remove_namespaces() {
  local name
  for name in /run/netns/cni-*; do
    name=${name##*/}
    if { grep -qsF "netns/$name" "$state"/containerd/state/io.containerd.runtime.v2.task/k8s.io/*/config.json ||
      ip -netns "$name" -4 address 2>/dev/null | grep -qF " ${pod_range%.*}."; }; then
      ip netns delete "$name" || true
    fi
  done
}

remove_mounts() {
  local point
  awk -v state="$state/" 'index($5, state) == 1 { print $5 }' /proc/self/mountinfo | LC_ALL=C sort -r | while read -r point; do
    umount "$point" 2>/dev/null || umount --lazy "$point" || true
  done
}

# remove_rules iptables: those that were not there before us. A chain of ours goes with all its rules; what others have gets out of
# them rule by rule, and first.
remove_rules() {
  command -v "$1-restore" >/dev/null || return 0
  LC_ALL=C comm -13 "$before/$1" <(rules_of "$1") | awk '
    { tables[$1] }
    $2 == "-N" { ours[$1, $3]; flush[$1] = flush[$1] "-F " $3 "\n"; drop[$1] = drop[$1] "-X " $3 "\n" }
    $2 == "-A" { rules[NR] = $0 }
    END {
      for (i in rules) {
        split(rules[i], word, " ")
        if (!((word[1], word[3]) in ours)) jumps[word[1]] = jumps[word[1]] "-D" substr(rules[i], length(word[1]) + 4) "\n"
      }
      for (table in tables) printf "*%s\n%s%s%sCOMMIT\n", table, jumps[table], flush[table], drop[table]
    }' | "$1-restore" --wait --noflush
}

remove_cgroups() {
  local group try
  for try in 1 2 3 4 5; do
    find /sys/fs/cgroup -depth -type d -path '*/kubepods*' -exec rmdir {} + 2>/dev/null || true
    group=$(find /sys/fs/cgroup -type d -name kubepods -print -quit)
    [ -n "$group" ] || return 0
    sleep "0.$try"
  done
  say "could not remove the cgroup $group"
}

# Traces outside of the state folder whose place cannot be chosen: links to logs, results of CNI calls, sockets that no
# shim listens on any more.
remove_files() {
  local file sandbox
  for file in /var/log/containers/*; do
    case $(readlink "$file") in "$state"/*) rm -f "$file" ;; esac
  done
  for file in /var/lib/cni/results/traversion-*-eth0; do
    sandbox=${file##*/traversion-}
    rm -f "$file" "/var/lib/cni/results/cni-loopback-${sandbox%-eth0}-lo"
  done
  for file in /run/containerd/s/*; do
    grep -qF " $file" /proc/net/unix || rm -f "$file"
  done
  rm -f /var/lib/kubelet/device-plugins/kubelet.sock
  rmdir /var/log/containers /var/lib/kubelet/device-plugins /var/lib/kubelet /var/lib/cni/results /var/lib/cni /run/containerd/s /run/containerd \
    2>/dev/null || true
}

restore_settings() {
  local setting
  for setting in "${settings[@]}"; do
    [ ! -f "$before/$setting" ] || cat "$before/$setting" >"/proc/sys/${setting//.//}" || true
  done
}
