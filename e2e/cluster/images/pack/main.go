// SPDX-License-Identifier: Apache-2.0

// Pack makes container images without a container engine: one archive, of the kind "docker save" writes, of images that each
// hold one static program. The same input gives the same bytes.
//
//	pack OUT.tar IMAGE=PROGRAM[,VARIABLE=VALUE...] ...
package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// An entry of manifest.json.
type image struct {
	Config   string
	RepoTags []string
	Layers   []string
}

func main() {
	if len(os.Args) < 3 {
		fail("usage: pack OUT.tar IMAGE=PROGRAM[,VARIABLE=VALUE...] ...")
	}
	if err := pack(os.Args[1], os.Args[2:]); err != nil {
		fail(err.Error())
	}
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, "pack:", message)
	os.Exit(1)
}

func pack(out string, specifications []string) error {
	file, err := os.Create(out)
	if err != nil {
		return err
	}
	archive := &archive{writer: tar.NewWriter(file), files: map[string]bool{}}
	var manifest []image
	for _, specification := range specifications {
		entry, err := archive.image(specification)
		if err != nil {
			return err
		}
		manifest = append(manifest, entry)
	}
	encoded, err := json.Marshal(manifest)
	if err != nil {
		return err
	}
	if err := archive.file("manifest.json", encoded); err != nil {
		return err
	}
	if err := archive.writer.Close(); err != nil {
		return err
	}
	return file.Close()
}

type archive struct {
	writer *tar.Writer
	files  map[string]bool
}

func (a *archive) image(specification string) (image, error) {
	name, rest, found := strings.Cut(specification, "=")
	if !found {
		return image{}, fmt.Errorf("%q is not IMAGE=PROGRAM", specification)
	}
	fields := strings.Split(rest, ",")
	program, environment := fields[0], fields[1:]
	layer, err := layer(program)
	if err != nil {
		return image{}, err
	}
	config, err := config(filepath.Base(program), environment, digest(layer))
	if err != nil {
		return image{}, err
	}
	entry := image{Config: digest(config) + ".json", RepoTags: []string{name}, Layers: []string{digest(layer) + ".tar"}}
	if err := a.file(entry.Config, config); err != nil {
		return image{}, err
	}
	return entry, a.file(entry.Layers[0], layer)
}

// Adds a file unless an image before has it, too.
func (a *archive) file(name string, content []byte) error {
	if a.files[name] {
		return nil
	}
	a.files[name] = true
	if err := a.writer.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(content))}); err != nil {
		return err
	}
	_, err := a.writer.Write(content)
	return err
}

// The only layer: the program in the root folder, and a /tmp for everyone.
func layer(program string) ([]byte, error) {
	content, err := os.ReadFile(program)
	if err != nil {
		return nil, err
	}
	var buffer bytes.Buffer
	writer := tar.NewWriter(&buffer)
	if err := writer.WriteHeader(&tar.Header{Name: "tmp/", Typeflag: tar.TypeDir, Mode: 0o1777}); err != nil {
		return nil, err
	}
	header := &tar.Header{Name: filepath.Base(program), Mode: 0o755, Size: int64(len(content))}
	if err := writer.WriteHeader(header); err != nil {
		return nil, err
	}
	if _, err := writer.Write(content); err != nil {
		return nil, err
	}
	err = writer.Close()
	return buffer.Bytes(), err
}

// The image's configuration, as the OCI image specification has it.
func config(program string, environment []string, layer string) ([]byte, error) {
	return json.Marshal(map[string]any{
		"architecture": runtime.GOARCH,
		"os":           "linux",
		"created":      "1970-01-01T00:00:00Z",
		"config": map[string]any{
			"Entrypoint": []string{"/" + program},
			"Env":        append([]string{"PATH=/"}, environment...),
			"WorkingDir": "/",
		},
		"rootfs":  map[string]any{"type": "layers", "diff_ids": []string{"sha256:" + layer}},
		"history": []map[string]string{{"created": "1970-01-01T00:00:00Z", "created_by": "traversion.dev/images/pack"}},
	})
}

func digest(content []byte) string {
	return fmt.Sprintf("%x", sha256.Sum256(content))
}
