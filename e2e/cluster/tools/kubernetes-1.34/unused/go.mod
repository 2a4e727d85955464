module k8s.io/unused

go 1.26.0
