// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

func dial(flags *flag.FlagSet, arguments []string) error {
	var urls list
	flags.Var(&urls, "url", "http://, https:// or tcp://HOST:PORT to call; repeatable, or as arguments")
	interval := flags.Duration("interval", time.Second, "time between rounds")
	timeout := flags.Duration("timeout", 2*time.Second, "limit of one call")
	count := flags.Int("count", 0, "rounds; 0 goes on for ever")
	untilOk := flags.Bool("until-ok", false, "end at the first round in which no call fails")
	whileOk := flags.Bool("while-ok", false, "fail at the first call that does")
	bearer := flags.String("bearer", "", "file with a token that HTTP calls carry")
	authority := flags.String("authority", "", "file with the certificates that https:// servers are trusted by")
	if err := parse(flags, arguments); err != nil {
		return err
	}
	urls = append(urls, flags.Args()...)
	if len(urls) == 0 {
		return errors.New("nothing to dial: give a URL")
	}
	stop := stopped()
	client, err := authorised(newClient(*timeout), *bearer, *authority)
	if err != nil {
		return err
	}
	failed := 0
	for round := 1; ; round++ {
		before := failed
		for _, url := range urls {
			began := time.Now()
			if err := once(client, *timeout, url); err != nil {
				failed++
				say("failed %s after %s: %v", url, time.Since(began).Round(time.Millisecond), err)
				if *whileOk {
					return err
				}
			} else {
				say("ok %s after %s", url, time.Since(began).Round(time.Millisecond))
			}
		}
		if *untilOk && failed == before {
			return nil
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

// The client, which carries a token and trusts a server's authority, as programs in pods do that talk to the API server.
func authorised(client *http.Client, bearer, authority string) (*http.Client, error) {
	transport := client.Transport.(*http.Transport)
	if authority != "" {
		certificates, err := os.ReadFile(authority)
		if err != nil {
			return nil, err
		}
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(certificates)
		transport.TLSClientConfig = &tls.Config{RootCAs: pool}
	}
	if bearer != "" {
		token, err := os.ReadFile(bearer)
		if err != nil {
			return nil, err
		}
		client.Transport = carrier{transport, "Bearer " + strings.TrimSpace(string(token))}
	}
	return client, nil
}

type carrier struct {
	transport     http.RoundTripper
	authorization string
}

func (c carrier) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	request.Header.Set("Authorization", c.authorization)
	return c.transport.RoundTrip(request)
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
