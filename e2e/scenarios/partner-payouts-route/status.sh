#!/usr/bin/env bash
# What a Gateway controller says of the route: status.sh True|False REASON MESSAGE
set -euo pipefail
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
generation=$(kubectl get httproute partner -o 'jsonpath={.metadata.generation}')
kubectl patch httproute partner --subresource=status --type=merge --field-manager=gateway-controller -p "{\"status\":{\"parents\":[{\"parentRef\":{\"name\":\"public\"},\"controllerName\":\"example.com/gateway-controller\",\"conditions\":[{\"type\":\"Accepted\",\"status\":\"True\",\"reason\":\"Accepted\",\"message\":\"\",\"observedGeneration\":$generation,\"lastTransitionTime\":\"$now\"},{\"type\":\"ResolvedRefs\",\"status\":\"$1\",\"reason\":\"$2\",\"message\":\"$3\",\"observedGeneration\":$generation,\"lastTransitionTime\":\"$now\"}]}]}}"
