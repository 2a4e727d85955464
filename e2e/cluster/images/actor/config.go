// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// Settings of a file of KEY=VALUE lines; lines that are empty or begin with # do not count.
type settings map[string]string

func readSettings(path string) (settings, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	read := settings{}
	for number, line := range strings.Split(string(content), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, value, found := strings.Cut(line, "=")
		if !found {
			return nil, fmt.Errorf("configuration %s, line %d: %q is not KEY=VALUE", path, number+1, line)
		}
		read[strings.TrimSpace(key)] = strings.TrimSpace(value)
	}
	return read, nil
}

// Checks for a key given as KEY or KEY:TYPE, the type being url, int, duration or bool.
func (s settings) require(path, requirement string) error {
	key, kind, _ := strings.Cut(requirement, ":")
	value, present := s[key]
	if !present || value == "" {
		return fmt.Errorf("configuration %s: required key %q is missing", path, key)
	}
	var err error
	switch kind {
	case "":
	case "url":
		err = checkURL(value)
	case "int":
		_, err = strconv.Atoi(value)
	case "duration":
		_, err = time.ParseDuration(value)
	case "bool":
		_, err = strconv.ParseBool(value)
	default:
		return fmt.Errorf("unknown type %q of required key %q: url, int, duration or bool", kind, key)
	}
	if err != nil {
		return fmt.Errorf("configuration %s: key %q is not a valid %s: %w", path, key, kind, err)
	}
	return nil
}

func checkURL(value string) error {
	parsed, err := url.Parse(value)
	if err == nil && (parsed.Scheme == "" || parsed.Host == "") {
		err = fmt.Errorf("%q has no scheme or no host", value)
	}
	return err
}
