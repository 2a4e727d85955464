#!/usr/bin/env bash
# What the maintenance operator does: asks for the eviction of a pod, which is refused, and says so in the status.
set -euo pipefail
pod=$(kubectl get pods -l app=broker -o 'jsonpath={.items[0].metadata.name}')
body=$(mktemp)
echo "{\"apiVersion\":\"policy/v1\",\"kind\":\"Eviction\",\"metadata\":{\"name\":\"$pod\",\"namespace\":\"$NAMESPACE\"}}" >"$body"
for _ in 1 2 3; do
  if kubectl create --raw "/api/v1/namespaces/$NAMESPACE/pods/$pod/eviction" -f "$body"; then
    echo "the eviction was not refused" >&2
    exit 1
  fi
  sleep 2
done
rm -f "$body"
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
kubectl patch "maintenances.$NAMESPACE.example.com" rack-7 --subresource=status --type=merge --field-manager=maintenance-operator -p "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"False\",\"reason\":\"EvictionBlocked\",\"message\":\"Cannot evict pod $pod as it would violate the pod's disruption budget.\",\"lastTransitionTime\":\"$now\"}]}}"
