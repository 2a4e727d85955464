# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Certificates, keys and kubeconfigs of a cluster, with openssl only. Sourced.

pki_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }

pki_authority() {
  pki_key "$1"
  openssl req -x509 -new -key "$1.key" -days 3650 -subj "/CN=$1" -out "$1.crt" \
    -addext "keyUsage=critical,keyCertSign,cRLSign,digitalSignature"
}

# pki_certificate NAME AUTHORITY SUBJECT USAGE [ALTERNATIVE NAMES]
pki_certificate() {
  pki_key "$1"
  openssl req -new -key "$1.key" -subj "$3" -out "$1.csr"
  openssl x509 -req -in "$1.csr" -CA "$2.crt" -CAkey "$2.key" -CAcreateserial -days 3650 -out "$1.crt" -extfile <(
    echo "keyUsage=critical,digitalSignature"
    echo "extendedKeyUsage=$4"
    [ -z "${5:-}" ] || echo "subjectAltName=$5"
  )
  rm "$1.csr"
}

# pki_kubeconfig NAME FILE: for the holder of the certificate NAME
pki_kubeconfig() {
  cat >"$2" <<YAML
apiVersion: v1
kind: Config
clusters:
  - name: traversion-local
    cluster:
      server: https://$address:$(port apiserver)
      certificate-authority-data: $(base64 -w0 <ca.crt)
users:
  - name: $1
    user:
      client-certificate-data: $(base64 -w0 <"$1.crt")
      client-key-data: $(base64 -w0 <"$1.key")
contexts:
  - name: traversion-local
    context: {cluster: traversion-local, user: $1}
current-context: traversion-local
YAML
}

pki_make() {
  local component service=DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local
  umask 077
  cd "$1" || return
  pki_authority ca
  pki_authority front-proxy-ca
  pki_certificate serving ca /CN=traversion-local serverAuth \
    "DNS:localhost,DNS:$node,$service,IP:127.0.0.1,IP:$address,IP:$service_address"
  pki_certificate kubelet-client ca "/O=system:masters/CN=kube-apiserver-kubelet-client" clientAuth
  pki_certificate front-proxy-client front-proxy-ca /CN=front-proxy-client clientAuth
  pki_certificate admin ca "/O=system:masters/CN=kubernetes-admin" clientAuth
  pki_certificate kubelet ca "/O=system:nodes/CN=system:node:$node" clientAuth
  for component in controller-manager scheduler proxy; do
    pki_certificate "$component" ca "/CN=system:kube-$component" clientAuth
  done
  openssl genrsa -out service-account.key 2048
  openssl rsa -in service-account.key -pubout -out service-account.pub
  for component in kubelet controller-manager scheduler proxy; do
    pki_kubeconfig "$component" "$component.kubeconfig"
  done
  pki_kubeconfig admin kubeconfig
}

pki() {
  [ ! -d "$state/pki" ] || return 0
  rm -rf "$state/pki.new"
  mkdir -p "$state/log"
  mkdir -m 700 "$state/pki.new"
  progress "making certificates" "$state/log/pki.log" pki_make "$state/pki.new"
  mv "$state/pki.new" "$state/pki"
}
