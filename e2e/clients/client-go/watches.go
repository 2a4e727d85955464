// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// watched prints what a watch begins with: at most so many events, and its end if that comes before.
func watched(open func(metav1.ListOptions) (watch.Interface, error), step string, options metav1.ListOptions, most int) {
	seconds := int64(3)
	options.TimeoutSeconds = &seconds
	watcher, err := open(options)
	if err != nil {
		failure(step, err)
		return
	}
	defer watcher.Stop()
	counts, end := map[watch.EventType]int{}, line{}
	timeout := time.After(30 * time.Second)
	for n := 0; n < most; n++ {
		select {
		case <-timeout:
			check(errors.New(step + ": the watch did not end after its timeout"))
		case event, open := <-watcher.ResultChan():
			if !open {
				emit(step, line{"events": counts, "end": end, "ended": true})
				return
			}
			counts[event.Type]++
			if event.Type == watch.Error {
				failure(step, apierrors.FromObject(event.Object))
				return
			}
			if object, err := meta.Accessor(event.Object); err == nil && event.Type == watch.Bookmark {
				end = line{"version": object.GetResourceVersion(), "annotations": object.GetAnnotations()}
			}
		}
	}
	emit(step, line{"events": counts, "end": end, "ended": false})
}

func versions(config *rest.Config) {
	pods := kubernetes.NewForConfigOrDie(config).CoreV1().Pods(*namespace)
	all, err := pods.List(ctx, metav1.ListOptions{})
	check(err)
	current := all.ResourceVersion
	open := func(options metav1.ListOptions) (watch.Interface, error) { return pods.Watch(ctx, options) }
	yes := true
	const future, past = "9223372036854775806", "1"
	for _, asked := range []struct{ version, match string }{
		{"", ""}, {"0", ""}, {"0", "NotOlderThan"}, {current, ""}, {current, "NotOlderThan"}, {current, "Exact"},
		{past, "NotOlderThan"}, {past, "Exact"}, {future, ""}, {future, "NotOlderThan"}, {future, "Exact"},
	} {
		step := "list " + strings.NewReplacer(current, "current", future, "future", past, "past").Replace("="+asked.version) + " " + asked.match
		list, err := pods.List(ctx, metav1.ListOptions{
			ResourceVersion: asked.version, ResourceVersionMatch: metav1.ResourceVersionMatch(asked.match)})
		if err != nil {
			failure(step, err)
		} else {
			emit(step, line{"names": names(list), "version": list.ResourceVersion})
		}
	}
	emit("current", line{"version": current, "count": len(all.Items)})
	const many = 1000
	watched(open, "watch unset", metav1.ListOptions{}, many)
	watched(open, "watch 0", metav1.ListOptions{ResourceVersion: "0"}, many)
	watched(open, "watch current", metav1.ListOptions{ResourceVersion: current, AllowWatchBookmarks: true}, many)
	watched(open, "watch past", metav1.ListOptions{ResourceVersion: past}, many)
	watched(open, "watch future", metav1.ListOptions{ResourceVersion: future}, many)
	for _, version := range []string{"", current, future} {
		watched(open, "stream "+strings.NewReplacer(current, "current", future, "future").Replace("="+version), metav1.ListOptions{
			ResourceVersion: version, ResourceVersionMatch: "NotOlderThan", SendInitialEvents: &yes, AllowWatchBookmarks: true}, many)
	}
}
