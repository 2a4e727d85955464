// SPDX-License-Identifier: Apache-2.0

package main

import (
	"flag"
	"os"
	"time"
)

func crash(flags *flag.FlagSet, arguments []string) error {
	after := flags.Duration("after", 0, "time until the end")
	code := flags.Int("code", 1, "exit status")
	message := flags.String("message", "crashing as asked", "last line of the log")
	if err := parse(flags, arguments); err != nil {
		return err
	}
	if wait(stopped(), *after) {
		say("fatal: %s", *message)
		os.Exit(*code)
	}
	return nil
}

func logLines(flags *flag.FlagSet, arguments []string) error {
	rate := flags.Float64("rate", 1, "lines a second")
	count := flags.Int("count", 0, "lines; 0 goes on for ever")
	text := flags.String("text", "the quick brown fox jumps over the lazy dog", "what each line says after its number")
	if err := parse(flags, arguments); err != nil {
		return err
	}
	stop := stopped()
	for line := 1; *count == 0 || line <= *count; line++ {
		say("%d %s", line, *text)
		if !wait(stop, time.Duration(float64(time.Second) / *rate)) {
			break
		}
	}
	return nil
}

func sleep(flags *flag.FlagSet, arguments []string) error {
	limit := flags.Duration("for", 0, "how long; 0 goes on until stopped")
	if err := parse(flags, arguments); err != nil {
		return err
	}
	stop := stopped()
	if *limit > 0 {
		wait(stop, *limit)
	} else {
		<-stop
	}
	return nil
}
