// SPDX-License-Identifier: Apache-2.0

// Reads an API server as programs built with client-go do, one way a run, and prints what it got as lines of JSON.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/pager"
)

var (
	kubeconfig = flag.String("kubeconfig", "", "of the server")
	namespace  = flag.String("namespace", "", "to read")
	mode       = flag.String("mode", "", "typed, protobuf, informer, dynamic, metadata, pager or versions")
	resource   = flag.String("resource", "pods", "of informer, as resource.version.group")
	ctx        = context.Background()
	printing   sync.Mutex
)

type line map[string]any

func emit(step string, value line) {
	printing.Lock()
	defer printing.Unlock()
	value["step"] = step
	if err := json.NewEncoder(os.Stdout).Encode(value); err != nil {
		panic(err)
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// What a program would decide upon: the fields of the Status.
func failure(step string, err error) {
	var status apierrors.APIStatus
	if errors.As(err, &status) {
		s := status.Status()
		emit(step, line{"code": s.Code, "reason": s.Reason, "message": s.Message,
			"tooLarge": apierrors.HasStatusCause(err, metav1.CauseTypeResourceVersionTooLarge)})
	} else {
		emit(step, line{"error": fmt.Sprint(err)})
	}
}

// Counts requests, and says what the first of each kind negotiated.
type recorder struct {
	next  http.RoundTripper
	lists []string
}

func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := r.next.RoundTrip(request)
	if err == nil {
		r.lists = append(r.lists, fmt.Sprintf("%s %s %s", response.Proto, request.Header.Get("Accept"), response.Header.Get("Content-Type")))
	}
	return response, err
}

func names(list runtime.Object) []string {
	found := []string{}
	check(meta.EachListItem(list, func(item runtime.Object) error {
		object, err := meta.Accessor(item)
		if err == nil {
			found = append(found, object.GetName())
		}
		return err
	}))
	return found
}

func main() {
	flag.Parse()
	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	check(err)
	modes := map[string]func(*rest.Config){"typed": typed, "protobuf": protobuf, "informer": informer, "dynamic": dynamically,
		"metadata": metadataOnly, "pager": paged, "versions": versions}
	run, known := modes[*mode]
	if !known {
		check(fmt.Errorf("there is no mode %q (see --help)", *mode))
	}
	run(config)
}

func typed(config *rest.Config) {
	seen := &recorder{}
	config.ContentType = runtime.ContentTypeProtobuf
	config.AcceptContentTypes = runtime.ContentTypeProtobuf + "," + runtime.ContentTypeJSON
	config.Wrap(func(next http.RoundTripper) http.RoundTripper { seen.next = next; return seen })
	pods := kubernetes.NewForConfigOrDie(config).CoreV1().Pods(*namespace)
	all, err := pods.List(ctx, metav1.ListOptions{})
	check(err)
	emit("list", line{"names": names(all), "version": all.ResourceVersion, "negotiated": seen.lists[0]})
	first := all.Items[0]
	labelled, err := pods.List(ctx, metav1.ListOptions{LabelSelector: "app=" + first.Labels["app"]})
	check(err)
	emit("labels", line{"names": names(labelled), "app": first.Labels["app"]})
	running, err := pods.List(ctx, metav1.ListOptions{FieldSelector: "spec.nodeName=" + first.Spec.NodeName + ",status.phase=Running"})
	check(err)
	emit("fields", line{"names": names(running)})
	one, err := pods.Get(ctx, first.Name, metav1.GetOptions{})
	check(err)
	emit("get", line{"uid": one.UID, "same": one.UID == first.UID && one.ResourceVersion == first.ResourceVersion})
	_, err = pods.Get(ctx, "no-such-pod", metav1.GetOptions{})
	failure("absent", err)
	failure("write", pods.Delete(ctx, first.Name, metav1.DeleteOptions{}))
}

// A client that takes nothing but protobuf is told so.
func protobuf(config *rest.Config) {
	config.ContentType = runtime.ContentTypeProtobuf
	config.AcceptContentTypes = runtime.ContentTypeProtobuf
	_, err := kubernetes.NewForConfigOrDie(config).CoreV1().Pods(*namespace).List(ctx, metav1.ListOptions{})
	failure("list", err)
}

// Runs an informer until the input ends. KUBE_FEATURE_WatchListClient chooses how it gets the first state.
func informer(config *rest.Config) {
	seen := &recorder{}
	requests := []string{}
	config.Wrap(func(next http.RoundTripper) http.RoundTripper {
		seen.next = next
		return transport(func(request *http.Request) (*http.Response, error) {
			requests = append(requests, request.URL.RawQuery)
			return seen.RoundTrip(request)
		})
	})
	gvr, short := schema.ParseResourceArg(*resource)
	if gvr == nil {
		gvr = &schema.GroupVersionResource{Version: "v1", Resource: short.Resource}
	}
	factory := dynamicinformer.NewFilteredDynamicSharedInformerFactory(dynamic.NewForConfigOrDie(config), 0, *namespace, nil)
	shared := factory.ForResource(*gvr).Informer()
	tell := func(step string, object any) {
		if tombstone, unknown := object.(cache.DeletedFinalStateUnknown); unknown {
			object = tombstone.Obj
		}
		accessor, err := meta.Accessor(object)
		check(err)
		emit(step, line{"name": accessor.GetName(), "version": accessor.GetResourceVersion(), "labels": accessor.GetLabels()})
	}
	registration, err := shared.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(object any) { tell("added", object) },
		UpdateFunc: func(_, object any) { tell("modified", object) },
		DeleteFunc: func(object any) { tell("deleted", object) },
	})
	check(err)
	stop := make(chan struct{})
	factory.Start(stop)
	if !cache.WaitForCacheSync(stop, registration.HasSynced) {
		check(errors.New("the informer did not sync"))
	}
	emit("synced", line{"names": shared.GetStore().ListKeys(), "requests": slices.Clone(requests), "version": shared.LastSyncResourceVersion()})
	for input := bufio.NewScanner(os.Stdin); input.Scan(); {
	}
	close(stop)
	factory.Shutdown()
}

type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(request *http.Request) (*http.Response, error) { return t(request) }

func dynamically(config *rest.Config) {
	served := discovery.NewDiscoveryClientForConfigOrDie(config)
	groups, err := restmapper.GetAPIGroupResources(served)
	check(err)
	mapper := restmapper.NewDiscoveryRESTMapper(groups)
	mapping, err := mapper.RESTMapping(schema.GroupKind{Group: "apps", Kind: "Deployment"})
	check(err)
	emit("mapping", line{"resource": mapping.Resource.String(), "namespaced": mapping.Scope.Name() == meta.RESTScopeNameNamespace})
	_, lists, err := served.ServerGroupsAndResources()
	check(err)
	client := dynamic.NewForConfigOrDie(config)
	for _, list := range lists {
		version, err := schema.ParseGroupVersion(list.GroupVersion)
		check(err)
		for _, served := range list.APIResources {
			if !slices.Contains(served.Verbs, "list") || strings.Contains(served.Name, "/") {
				continue
			}
			objects, err := client.Resource(version.WithResource(served.Name)).List(ctx, metav1.ListOptions{})
			if err != nil {
				failure("failed "+list.GroupVersion+"/"+served.Name, err)
			} else {
				emit("list", line{"resource": list.GroupVersion + "/" + served.Name, "count": len(objects.Items)})
			}
		}
	}
}

func metadataOnly(config *rest.Config) {
	pods := metadata.NewForConfigOrDie(config).Resource(corev1.SchemeGroupVersion.WithResource("pods")).Namespace(*namespace)
	list, err := pods.List(ctx, metav1.ListOptions{})
	check(err)
	emit("list", line{"names": names(list), "kind": list.Kind, "itemKind": list.Items[0].Kind})
	one, err := pods.Get(ctx, list.Items[0].Name, metav1.GetOptions{})
	check(err)
	emit("get", line{"name": one.Name, "uid": one.UID, "kind": one.Kind})
	watched(func(options metav1.ListOptions) (watch.Interface, error) { return pods.Watch(ctx, options) },
		"watch", metav1.ListOptions{}, len(list.Items))
}

func paged(config *rest.Config) {
	pods := kubernetes.NewForConfigOrDie(config).CoreV1().Pods("")
	pages := []int{}
	token := ""
	page := func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
		list, err := pods.List(ctx, options)
		if err == nil {
			pages = append(pages, len(list.Items))
			token = max(token, list.Continue)
		}
		return list, err
	}
	p := pager.New(page)
	p.PageSize = 3
	all, _, err := p.List(ctx, metav1.ListOptions{})
	check(err)
	emit("pager", line{"names": names(all), "pages": pages})
	// A token that another API server made, as a program holds it that goes back in the middle of a list.
	foreign := "eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJkZWZhdWx0L2FcdTAwMDAifQ"
	_, err = pods.List(ctx, metav1.ListOptions{Limit: 3, Continue: foreign})
	failure("foreign", err)
	_, err = pods.List(ctx, metav1.ListOptions{Limit: 3, Continue: "rubbish"})
	failure("rubbish", err)
	last := ""
	p = pager.New(func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
		if options.Continue != "" && last == "" {
			last, options.Continue = options.Continue, foreign
		}
		return page(ctx, options)
	})
	p.PageSize = 3
	all, _, err = p.List(ctx, metav1.ListOptions{})
	check(err)
	emit("fallback", line{"names": names(all)})
}
