// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/rand"
	"flag"
	"fmt"
	"os"
	"time"
)

const mebibyte = 1 << 20

func alloc(flags *flag.FlagSet, arguments []string) error {
	size := flags.Int("mib", 64, "MiB to take")
	over := flags.Duration("over", 0, "time to take them in; 0 is at once")
	if err := parse(flags, arguments); err != nil {
		return err
	}
	stop := stopped()
	var held [][]byte
	for taken := 1; taken <= *size; taken++ {
		block := make([]byte, mebibyte)
		for page := 0; page < mebibyte; page += 4096 {
			block[page] = 1
		}
		held = append(held, block)
		if taken%16 == 0 || taken == *size {
			say("holds %d MiB", len(held))
		}
		if *over > 0 && !wait(stop, *over/time.Duration(*size)) {
			return nil
		}
	}
	<-stop
	say("held %d MiB", len(held))
	return nil
}

func burn(flags *flag.FlagSet, arguments []string) error {
	cores := flags.Int("cores", 1, "threads that compute")
	limit := flags.Duration("for", 0, "how long; 0 goes on until stopped")
	if err := parse(flags, arguments); err != nil {
		return err
	}
	stop := stopped()
	say("burns %d cores", *cores)
	for range *cores {
		go func() {
			for {
			}
		}()
	}
	if *limit > 0 {
		wait(stop, *limit)
	} else {
		<-stop
	}
	return nil
}

func fill(flags *flag.FlagSet, arguments []string) error {
	path := flags.String("path", "/tmp/fill", "file to write")
	size := flags.Int("mib", 64, "MiB to write")
	rate := flags.Int("mib-per-second", 0, "how fast; 0 is as fast as it goes")
	if err := parse(flags, arguments); err != nil {
		return err
	}
	stop := stopped()
	file, err := os.Create(*path)
	if err != nil {
		return err
	}
	defer file.Close()
	block := make([]byte, mebibyte)
	if _, err := rand.Read(block); err != nil {
		return err
	}
	for written := 0; written < *size; written++ {
		if _, err := file.Write(block); err != nil {
			return fmt.Errorf("after %d MiB: %w", written, err)
		}
		if *rate > 0 && !wait(stop, time.Second/time.Duration(*rate)) {
			return nil
		}
	}
	if err := file.Sync(); err != nil {
		return err
	}
	say("wrote %d MiB to %s", *size, *path)
	<-stop
	return nil
}
