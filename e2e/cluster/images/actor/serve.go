// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

type server struct {
	name      string
	upstreams []string
	delay     time.Duration
	client    *http.Client
	ready     atomic.Bool
	paths     []string
	work      int
}

func serve(flags *flag.FlagSet, arguments []string) error {
	var calls, required, paths list
	port := flags.Int("port", 8080, "port to listen on")
	name := flags.String("name", "actor", "what the service calls itself in answers and logs")
	config := flags.String("config", "", "file of KEY=VALUE lines, read once at the start")
	flags.Var(&required, "require", "KEY or KEY:TYPE (url, int, duration, bool) the configuration must have; repeatable")
	flags.Var(&calls, "call", "URL to call for each request, or @KEY for one from the configuration; repeatable")
	flags.Var(&paths, "path", "path that is there, all others being 404; repeatable; all are there without it")
	work := flags.Int("work", 0, "million steps to compute for each answer, also to probes")
	timeout := flags.Duration("timeout", 2*time.Second, "limit of one call")
	delay := flags.Duration("delay", 0, "time each answer takes")
	readyAfter := flags.Duration("ready-after", 0, "time until /readyz says yes")
	if err := parse(flags, arguments); err != nil {
		return err
	}
	upstreams, err := configure(*config, required, calls)
	if err != nil {
		return err
	}
	stop := stopped()
	s := &server{name: *name, upstreams: upstreams, delay: *delay, client: newClient(*timeout), paths: paths, work: *work}
	go func() {
		if wait(stop, *readyAfter) {
			s.ready.Store(true)
		}
	}()
	listener, err := net.Listen("tcp", fmt.Sprintf(":%d", *port))
	if err != nil {
		return err
	}
	say("%s version %s listens on port %d, calls %v", *name, version(), *port, upstreams)
	web := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	drained := make(chan error)
	go func() {
		<-stop
		limit, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		drained <- web.Shutdown(limit)
	}()
	if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-drained
}

// The upstream URLs, once everything the configuration must say has been found.
func configure(path string, required, calls list) ([]string, error) {
	read := settings{}
	if path != "" {
		var err error
		if read, err = readSettings(path); err != nil {
			return nil, err
		}
	}
	for _, requirement := range required {
		if err := read.require(path, requirement); err != nil {
			return nil, err
		}
	}
	var upstreams []string
	for _, call := range calls {
		if key, fromConfig := strings.CutPrefix(call, "@"); fromConfig {
			if err := read.require(path, key+":url"); err != nil {
				return nil, err
			}
			call = read[key]
		}
		upstreams = append(upstreams, call)
	}
	return upstreams, nil
}

func (s *server) ServeHTTP(answer http.ResponseWriter, request *http.Request) {
	compute(s.work)
	switch request.URL.Path {
	case "/healthz":
		fmt.Fprintln(answer, "ok")
		return
	case "/readyz":
		if !s.ready.Load() {
			http.Error(answer, "not ready yet", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(answer, "ok")
		return
	}
	if len(s.paths) > 0 && !slices.Contains(s.paths, request.URL.Path) {
		http.NotFound(answer, request)
		return
	}
	began := time.Now()
	time.Sleep(s.delay)
	status, text := s.answer(request.Context())
	answer.WriteHeader(status)
	fmt.Fprintln(answer, text)
	say("%s %s %d %s %s", request.Method, request.URL.Path, status, time.Since(began).Round(time.Millisecond), text)
}

func (s *server) answer(ctx context.Context) (int, string) {
	failures := make([]error, len(s.upstreams))
	var calls sync.WaitGroup
	for i, upstream := range s.upstreams {
		calls.Go(func() { failures[i] = get(ctx, s.client, upstream) })
	}
	calls.Wait()
	if err := errors.Join(failures...); err != nil {
		return http.StatusBadGateway, fmt.Sprintf("%s: %s", s.name, strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	host, _ := os.Hostname()
	return http.StatusOK, fmt.Sprintf("%s version %s on %s", s.name, version(), host)
}

// What the steps come to, so that no compiler leaves them out.
var computed atomic.Uint64

func compute(millions int) {
	state := uint64(1)
	for range millions * 1_000_000 {
		state = state*6364136223846793005 + 1442695040888963407
	}
	computed.Add(state)
}

// Each call has a connection of its own, or it would not see where a Service leads now.
func newClient(timeout time.Duration) *http.Client {
	return &http.Client{Timeout: timeout, Transport: &http.Transport{DisableKeepAlives: true}}
}

// Fails unless the answer is a 2xx.
func get(ctx context.Context, client *http.Client, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 4096))
	if err != nil {
		return fmt.Errorf("%s: %w", url, err)
	}
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("%s answered %d: %s", url, response.StatusCode, strings.TrimSpace(string(body)))
	}
	return nil
}
