/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The commands whose output is compared. Left out is what has to differ: the verbs of {@code api-resources -o wide} and resources that
 * have no "get", since a recording is only read; the address of the server; {@code api-versions} with autoscaling/v1, since horizontal
 * pod autoscalers are recorded in v2 and not converted; the resourceVersion of a whole list, which in a cluster is that of everything; continue
 * tokens, each server's own.
 */
final class TextCommands {

    private static final Map<String, List<String>> FIELDS = Map.ofEntries(
            Map.entry(
                    "pods",
                    List.of(
                            "status.phase=Running",
                            "status.phase!=Running,spec.restartPolicy=Never",
                            "spec.nodeName=",
                            "spec.nodeName!=",
                            "spec.schedulerName=default-scheduler",
                            "spec.serviceAccountName=default",
                            "spec.hostNetwork=true",
                            "status.podIP=192.0.2.1",
                            "status.nominatedNodeName=")),
            Map.entry("secrets", List.of("type=Opaque", "type!=Opaque")),
            Map.entry("namespaces", List.of("status.phase=Active", "metadata.namespace=default")),
            Map.entry("nodes", List.of("spec.unschedulable=true", "spec.unschedulable=false")),
            Map.entry("services", List.of("spec.type=LoadBalancer", "spec.clusterIP=None")),
            Map.entry("replicationcontrollers", List.of("status.replicas=1")),
            Map.entry("replicasets.apps", List.of("status.replicas=0")),
            Map.entry("jobs.batch", List.of("status.successful=2", "status.successful=0")),
            Map.entry("certificatesigningrequests.certificates.k8s.io", List.of("spec.signerName=text.test/signer")),
            Map.entry(
                    "events",
                    List.of(
                            "type=Warning",
                            "involvedObject.kind=Pod,involvedObject.name=nowhere",
                            "reason=Slow",
                            "source=kubelet",
                            "reportingComponent=text.test/controller",
                            "involvedObject.fieldPath=spec.containers{only}")),
            Map.entry("events.events.k8s.io", List.of("regarding.kind=ConfigMap", "type=Warning", "reason=Slow")),
            Map.entry("resourceslices.resource.k8s.io", List.of("spec.driver=text.test", "spec.nodeName=")),
            Map.entry("kites.text.test", List.of("spec.colour=red", "spec.colour!=red", "spec.tail=1")));

    private TextCommands() {}

    /** For one resource, as in "deployments.apps". */
    static List<List<String>> ofResource(String resource) {
        List<List<String>> commands = new ArrayList<>(List.of(
                List.of("get", resource, "-A"),
                List.of("get", resource, "-A", "-o", "wide"),
                List.of("get", resource, "-A", "-o", "yaml"),
                List.of("describe", resource, "-A"),
                List.of("explain", resource, "--recursive"),
                List.of("get", resource, "-A", "--field-selector", "spec.nosuch=x")));
        for (String field : FIELDS.getOrDefault(resource, List.of())) {
            commands.add(List.of("get", resource, "-A", "--field-selector", field));
        }
        return commands;
    }

    /** For several, separated by commas. */
    static List<List<String>> ofResources(String resources) {
        return List.of(
                List.of("get", resources, "-A", "-o", "json"),
                List.of("get", resources, "-A", "-o", "name"),
                List.of("get", resources, "-A", "--show-labels"),
                List.of("get", resources, "-A", "--field-selector", "metadata.name=web"),
                List.of("get", resources, "no-such-object"),
                List.of("get", resources, "-A", "-l", "app in (web, kites),tier!=front", "-o", "wide"),
                List.of("get", resources, "-A", "-o", "yaml", "--show-managed-fields"),
                List.of("get", resources, "-A", "--sort-by=.metadata.creationTimestamp", "--no-headers"),
                List.of(
                        "get",
                        resources,
                        "-A",
                        "-o",
                        "custom-columns=KIND:.kind,NAME:.metadata.name,LABELS:.metadata.labels,RV:.metadata.resourceVersion"),
                List.of(
                        "get",
                        resources,
                        "-A",
                        "-o",
                        "jsonpath={range .items[*]}{.apiVersion}{' '}{.metadata.uid}{'\\n'}{end}"));
    }

    /** All else, with the objects in a namespace. */
    static List<List<String>> others(String namespace) {
        String raw = "/api/v1/namespaces/" + namespace;
        List<List<String>> commands = new ArrayList<>();
        for (String command : List.of(
                "api-resources --verbs=get",
                "api-resources --verbs=get --namespaced=false --sort-by=name",
                "api-resources --categories=all -o name",
                "get all -A",
                "get all -n %s -o wide",
                "get events -A",
                "get events -n %s -o wide --sort-by=.lastTimestamp",
                "events -n %s",
                "events -n %s --for pod/nowhere --types=Warning",
                "get nosuchkind",
                "get nosuchkind.text.test",
                "get pods.v2.apps",
                "get pod nosuch -n %s",
                "get pod nosuch -n nosuch",
                "get pods -n nosuch",
                "get pod/once deployment/web kite/bare -n %s",
                "get deploy web -n %s -o yaml --show-managed-fields",
                "get deploy.v1.apps/web -n %s -o jsonpath={.spec.template.spec.containers[*].image}",
                "get pods -n %s --sort-by=.status.startTime -o wide",
                "get pods -n %s -l !app",
                "get pods -n %s -l app=,,",
                "get pods -n %s --field-selector status.phase",
                "get pods -n %s -L app,tier",
                "get pods -n %s --chunk-size=2",
                "get pods -n %s -o go-template={{range.items}}{{.metadata.name}},{{end}}",
                "get deploy web -n %s --subresource=status",
                "get deploy web -n %s --subresource=scale",
                "get rs alone -n %s --subresource=scale -o yaml",
                "get kite full -n %s --subresource=scale -o yaml",
                "get kite full -n %s --subresource=status",
                "get pod once -n %s --subresource=nosuch",
                "get skies.v1alpha1.text.test",
                "get events.v1.events.k8s.io -n %s -o yaml",
                "describe pod nosuch -n %s",
                "describe pod -l app=web -n %s",
                "describe deploy,sts,job,svc,kite -n %s",
                "describe ns %s",
                "describe node",
                "explain pods",
                "explain deployments",
                "explain kites",
                "explain skies",
                "explain hpa",
                "explain pods.spec.containers.resources",
                "explain kites.spec.strings --recursive",
                "explain cronjobs.batch --api-version=batch/v1",
                "explain pods.spec.nosuch",
                "explain nosuchkind",
                "rollout history deployment/web -n %s",
                "rollout history deployment/web -n %s --revision=1",
                "rollout history daemonset,statefulset -n %s",
                "rollout status deployment/web -n %s",
                "rollout status sts/state -n %s",
                "auth can-i list pods",
                "auth can-i get secrets -n %s",
                "version",
                "version -o yaml",
                "top pods -n %s",
                "events -A --types=Warning",
                "wait --for=condition=Available deployment/web -n %s",
                "wait --for=delete pod/nosuch -n %s",
                "get pods,svc -n %s --show-kind --ignore-not-found",
                "get pod nosuch -n %s --ignore-not-found",
                "get deploy/web sts/nosuch -n %s",
                "get secrets nosuch.name -n %s -o yaml",
                "get cm settings -n %s -o jsonpath-as-json={.data}",
                "get kites -n %s -o custom-columns-file=/dev/null",
                "get pods -n %s -o nosuchformat",
                "get pods -n %s --sort-by=.nosuch",
                "describe cm/settings secret/nosuch -n %s",
                "describe quota,limits,role,rolebinding,sa -n %s",
                "describe nosuchkind",
                "diff -f /dev/null",
                "api-resources --verbs=get --api-group=apps --no-headers",
                "explain hpa --api-version=autoscaling/v2 --recursive",
                "get kites.v9.text.test",
                "get kites -n %s -l app=kites -o name",
                "get --raw /version",
                "get --raw /livez",
                "get --raw /readyz",
                "get --raw /apis/text.test",
                "get --raw /api/v1/nosuch/name",
                "get --raw /api/v1/pods?fieldSelector=spec.nosuch=x",
                "get --raw /api/v1/pods?fieldSelector=x",
                "get --raw /api/v1/pods?labelSelector=a,,b",
                "get --raw /api/v1/pods?labelSelector=a%20in%20b",
                "get --raw /api/v1/pods?resourceVersion=abc",
                "get --raw /api/v1/pods?limit=abc",
                "get --raw /api/v1/pods?resourceVersionMatch=Exact",
                "get --raw /api/v1/pods?resourceVersionMatch=Nosuch&resourceVersion=1",
                "get --raw /api/v1/namespaces/%s/pods/nowhere/nosuch",
                "get --raw /api/v1/namespaces/%s/services/web/status",
                "get --raw /apis/apps/v1/namespaces/%s/deployments/web/scale",
                "get --raw /apis/apps/v1/namespaces/%s/daemonsets/every/scale",
                "get --raw /api/v1/namespaces/%s/replicationcontrollers/old/scale",
                "get --raw /apis/text.test/v1/namespaces/%s/kites?fieldSelector=spec.tail=1",
                "get --raw /apis/text.test/v1/namespaces/nosuch/kites/none",
                "get --raw /healthz",
                "get --raw /apis/apps",
                "get --raw /apis/nosuch.test",
                "get --raw /apis/apps/v9",
                "get --raw /apis/apps/v1/nosuch",
                "get --raw /nosuch",
                "get --raw /openapi/v3")) {
            commands.add(List.of(command.replace("%s", namespace).split(" ")));
        }
        for (String path :
                List.of("/pods/nowhere", "/services/web", "/configmaps/settings", "/pods/nosuch", "/nosuch")) {
            commands.add(List.of("get", "--raw", raw + path));
        }
        commands.add(List.of("get", "--raw", "/apis/text.test/v1/namespaces/" + namespace + "/kites/full"));
        commands.add(List.of("get", "--raw", "/apis/text.test/v1alpha1/skies/" + namespace + "-blue"));
        return commands;
    }
}
