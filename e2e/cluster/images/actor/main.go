// SPDX-License-Identifier: Apache-2.0

// Actor is every program of the test workloads: it plays a service, a client, a leak, a crash. One static binary, several roles.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// What a role does until it is done or told to stop; an error ends the process with status 1.
type role func(flags *flag.FlagSet, arguments []string) error

var roles = map[string]role{
	"serve": serve,
	"dial":  dial,
	"alloc": alloc,
	"burn":  burn,
	"fill":  fill,
	"admit": admit,
	"crash": crash,
	"log":   logLines,
	"sleep": sleep,
	"version": func(*flag.FlagSet, []string) error {
		fmt.Println(version())
		return nil
	},
}

const usage = `usage: actor ROLE [FLAGS]; every flag can come from the environment, --some-flag as ACTOR_SOME_FLAG

  serve    answers HTTP, calling other services for each request
  dial     calls URLs in a loop and logs what came of it
  alloc    takes memory, at once or slowly, and keeps it
  burn     uses CPU
  fill     fills a disk
  admit    answers an API server's questions about pods, as an admission webhook
  crash    ends with an exit code after a while
  log      prints lines at a rate
  sleep    does nothing
  version  prints the version of the image

"actor ROLE --help" lists the flags.`

func main() {
	if len(os.Args) < 2 || roles[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	}
	flags := flag.NewFlagSet("actor "+os.Args[1], flag.ExitOnError)
	if err := roles[os.Args[1]](flags, os.Args[2:]); err != nil {
		say("fatal: %v", err)
		os.Exit(1)
	}
}

// The tag of the image, which sets this variable.
func version() string {
	return os.Getenv("ACTOR_VERSION")
}

func say(format string, values ...any) {
	fmt.Printf("%s %s\n", time.Now().UTC().Format("2006-01-02T15:04:05.000Z"), fmt.Sprintf(format, values...))
}

// Parses the flags; those not given are taken from the environment.
func parse(flags *flag.FlagSet, arguments []string) error {
	var failure error
	flags.VisitAll(func(one *flag.Flag) {
		name := "ACTOR_" + strings.ToUpper(strings.ReplaceAll(one.Name, "-", "_"))
		if value, present := os.LookupEnv(name); present {
			if err := one.Value.Set(value); err != nil {
				failure = fmt.Errorf("environment variable %s: %w", name, err)
			}
		}
	})
	if failure != nil {
		return failure
	}
	return flags.Parse(arguments)
}

// A flag that may be repeated, or hold several values separated by commas.
type list []string

func (l *list) String() string { return strings.Join(*l, ",") }

func (l *list) Set(value string) error {
	for _, one := range strings.Split(value, ",") {
		if one != "" {
			*l = append(*l, one)
		}
	}
	return nil
}

// A channel that is closed once the process is told to stop.
func stopped() <-chan struct{} {
	done := make(chan struct{})
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		say("stopping: %v", <-signals)
		close(done)
	}()
	return done
}

// Waits; false if the process was told to stop meanwhile.
func wait(stop <-chan struct{}, duration time.Duration) bool {
	select {
	case <-stop:
		return false
	case <-time.After(duration):
		return true
	}
}
