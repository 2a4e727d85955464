// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

func dial(flags *flag.FlagSet, arguments []string) error {
	var urls list
	flags.Var(&urls, "url", "http://, https:// or tcp://HOST:PORT to call; repeatable, or as arguments")
	interval := flags.Duration("interval", time.Second, "time between rounds")
	timeout := flags.Duration("timeout", 2*time.Second, "limit of one call")
	count := flags.Int("count", 0, "rounds; 0 goes on for ever")
	if err := parse(flags, arguments); err != nil {
		return err
	}
	urls = append(urls, flags.Args()...)
	if len(urls) == 0 {
		return errors.New("nothing to dial: give a URL")
	}
	stop := stopped()
	client := newClient(*timeout)
	failed := 0
	for round := 1; ; round++ {
		for _, url := range urls {
			began := time.Now()
			if err := once(client, *timeout, url); err != nil {
				failed++
				say("failed %s after %s: %v", url, time.Since(began).Round(time.Millisecond), err)
			} else {
				say("ok %s after %s", url, time.Since(began).Round(time.Millisecond))
			}
		}
		if round == *count || !wait(stop, *interval) {
			break
		}
	}
	if *count > 0 && failed > 0 {
		return fmt.Errorf("%d of %d calls failed", failed, *count*len(urls))
	}
	return nil
}

func once(client *http.Client, timeout time.Duration, url string) error {
	address, plain := strings.CutPrefix(url, "tcp://")
	if !plain {
		return get(context.Background(), client, url)
	}
	connection, err := net.DialTimeout("tcp", address, timeout)
	if err != nil {
		return err
	}
	return connection.Close()
}
