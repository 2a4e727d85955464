#!/usr/bin/env bash
# What the certificate operator does: issue.sh NAME... puts a certificate for these names into the Secret pricing-tls.
set -euo pipefail
home=/tmp/$NAMESPACE-pki
mkdir -p "$home"
cd "$home"
if [ ! -f ca.crt ]; then
  openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 30 -subj "/CN=shop-ca" 2>/dev/null
fi
names=$(printf ',DNS:%s' "$@")
echo "subjectAltName=${names#,}" >extensions
openssl req -newkey rsa:2048 -nodes -keyout tls.key -out tls.csr -subj "/CN=pricing" 2>/dev/null
openssl x509 -req -in tls.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 7 -out tls.crt -extfile extensions 2>/dev/null
uid=$(kubectl get "certificates.$NAMESPACE.example.com" pricing -o 'jsonpath={.metadata.uid}')
kubectl apply --server-side --force-conflicts --field-manager=certificate-operator -f - <<YAML
apiVersion: v1
kind: Secret
type: kubernetes.io/tls
metadata:
  name: pricing-tls
  annotations: {"$NAMESPACE.example.com/certificate-name": pricing, "$NAMESPACE.example.com/alt-names": "$(IFS=,; echo "$*")"}
  ownerReferences: [{apiVersion: "$NAMESPACE.example.com/v1", kind: Certificate, name: pricing, uid: "$uid", controller: true}]
data: {tls.crt: "$(base64 -w0 tls.crt)", tls.key: "$(base64 -w0 tls.key)"}
YAML
kubectl create configmap trust-bundle --from-file=ca.crt --dry-run=client -o yaml | kubectl apply --field-manager=certificate-operator -f -
kubectl patch "certificates.$NAMESPACE.example.com" pricing --subresource=status --type=merge --field-manager=certificate-operator -p "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\",\"reason\":\"Issued\",\"message\":\"Certificate is up to date and has not expired\",\"lastTransitionTime\":\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\"}]}}"
