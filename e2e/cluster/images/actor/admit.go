// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"time"
)

// The part of an AdmissionReview that is of interest here.
type review struct {
	APIVersion string    `json:"apiVersion"`
	Kind       string    `json:"kind"`
	Request    *question `json:"request,omitempty"`
	Response   *verdict  `json:"response,omitempty"`
}

type question struct {
	UID    string `json:"uid"`
	Object struct {
		Spec struct {
			Containers []json.RawMessage `json:"containers"`
		} `json:"spec"`
	} `json:"object"`
}

type verdict struct {
	UID       string `json:"uid"`
	Allowed   bool   `json:"allowed"`
	PatchType string `json:"patchType,omitempty"`
	Patch     []byte `json:"patch,omitempty"`
}

type change struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value"`
}

// Admits every pod, with the memory limit that its policy says, if it says one.
func admit(flags *flag.FlagSet, arguments []string) error {
	port := flags.Int("port", 8443, "port to listen on")
	certificate := flags.String("certificate", "/etc/tls/tls.crt", "file of the server's certificate")
	key := flags.String("key", "/etc/tls/tls.key", "file of its key")
	policy := flags.String("policy", "", "file of KEY=VALUE lines, read for each question; memory is the limit of each container")
	if err := parse(flags, arguments); err != nil {
		return err
	}
	answer := func(writer http.ResponseWriter, request *http.Request) {
		if request.URL.Path == "/healthz" {
			fmt.Fprintln(writer, "ok")
			return
		}
		var asked review
		if err := json.NewDecoder(request.Body).Decode(&asked); err != nil || asked.Request == nil {
			http.Error(writer, "not an AdmissionReview", http.StatusBadRequest)
			return
		}
		patch, err := changes(*policy, asked.Request)
		if err != nil {
			http.Error(writer, err.Error(), http.StatusInternalServerError)
			return
		}
		said := &verdict{UID: asked.Request.UID, Allowed: true}
		if patch != nil {
			said.PatchType, said.Patch = "JSONPatch", patch
		}
		writer.Header().Set("Content-Type", "application/json")
		json.NewEncoder(writer).Encode(review{APIVersion: asked.APIVersion, Kind: asked.Kind, Response: said})
		say("admitted %s with %s", asked.Request.UID, patch)
	}
	web := &http.Server{Addr: fmt.Sprintf(":%d", *port), Handler: http.HandlerFunc(answer), ReadHeaderTimeout: 10 * time.Second}
	stop := stopped()
	go func() {
		<-stop
		web.Close()
	}()
	say("admits on port %d", *port)
	if err := web.ListenAndServeTLS(*certificate, *key); err != http.ErrServerClosed {
		return err
	}
	return nil
}

func changes(policy string, asked *question) ([]byte, error) {
	if policy == "" {
		return nil, nil
	}
	read, err := readSettings(policy)
	if err != nil || read["memory"] == "" {
		return nil, err
	}
	var patch []change
	for i := range asked.Object.Spec.Containers {
		path := fmt.Sprintf("/spec/containers/%d/resources", i)
		patch = append(patch, change{"add", path, map[string]any{
			"requests": map[string]string{"cpu": "5m", "memory": "8Mi"},
			"limits":   map[string]string{"memory": read["memory"]},
		}})
	}
	return json.Marshal(patch)
}
