# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The object store: MinIO, a process of the machine. Sourced.

minio_access_key=traversion
minio_secret_key=traversion-test

healthy_minio() { http_get 127.0.0.1 "$(port minio)" /minio/health/live; }

up_minio() {
  mkdir -p "$state/minio"
  MINIO_ROOT_USER=$minio_access_key MINIO_ROOT_PASSWORD=$minio_secret_key MINIO_BROWSER=off MINIO_UPDATE=off MINIO_CI_CD=on \
    daemon minio "$(path_of minio)" server --quiet --address "127.0.0.1:$(port minio)" "$state/minio"
  wait_healthy minio 30 healthy_minio
}
