/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.scenarios;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What somebody without an engine would blame, for comparison. Both look at the namespace and at what is in none, and rank objects.
 *
 * @param lastChanges the objects whose wanted state was changed, the latest first
 * @param mostEvents what most Warnings are about, those of pods and ReplicaSets counted for the workload above them
 */
record Baselines(List<Cause> lastChanges, List<Cause> mostEvents) {

    /** Where the true object is in each of them, from 1; 0 if it is not there. */
    record Ranks(int lastChange, int mostEvents) {

        static final Ranks NONE = new Ranks(0, 0);
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What changes by itself is not to blame. */
    private static final Set<String> CONTROLLERS =
            Set.of("kube-controller-manager", "kube-scheduler", "kube-apiserver", "kubelet");

    /** Kinds of the resources that can be to blame, by the name a timeline has for them. */
    private static final Map<String, String> KINDS = Map.ofEntries(
            Map.entry("deployments", "Deployment"),
            Map.entry("statefulsets", "StatefulSet"),
            Map.entry("daemonsets", "DaemonSet"),
            Map.entry("configmaps", "ConfigMap"),
            Map.entry("secrets", "Secret"),
            Map.entry("services", "Service"),
            Map.entry("resourcequotas", "ResourceQuota"),
            Map.entry("limitranges", "LimitRange"),
            Map.entry("rolebindings", "RoleBinding"),
            Map.entry("roles", "Role"),
            Map.entry("namespaces", "Namespace"),
            Map.entry("nodes", "Node"),
            Map.entry("persistentvolumeclaims", "PersistentVolumeClaim"),
            Map.entry("poddisruptionbudgets", "PodDisruptionBudget"),
            Map.entry("networkpolicies", "NetworkPolicy"),
            Map.entry("horizontalpodautoscalers", "HorizontalPodAutoscaler"),
            Map.entry("pods", "Pod"),
            Map.entry("replicasets", "ReplicaSet"),
            Map.entry("mutatingwebhookconfigurations", "MutatingWebhookConfiguration"),
            Map.entry("validatingwebhookconfigurations", "ValidatingWebhookConfiguration"));

    static Baselines of(Program program, Path recording, Truth truth) throws IOException, InterruptedException {
        JsonNode timeline = JSON.readTree(program.output(List.of(
                "timeline",
                "--from",
                recording.toString(),
                "--until",
                truth.at().toString(),
                "--since",
                truth.since(),
                "--limit",
                "100000",
                "-o",
                "json")));
        Map<String, Instant> changed = new HashMap<>();
        Map<String, Integer> warned = new HashMap<>();
        Map<String, Cause> objects = new HashMap<>();
        for (JsonNode entry : timeline.path("entries")) {
            String namespace = entry.path("namespace").asText("");
            String kind = KINDS.get(entry.path("resource").asText());
            // A namespace is in none, but is as far away as what is in it.
            String place = "Namespace".equals(kind) ? entry.path("name").asText() : namespace;
            if (kind == null || !(place.isEmpty() || place.equals(truth.namespace()))) {
                continue;
            }
            Cause object = owner(kind, namespace, entry.path("name").asText());
            String key = object.toString();
            switch (entry.path("what").asText()) {
                case "event" -> {
                    if (entry.path("text").asText().startsWith("Warning")) {
                        objects.putIfAbsent(key, object);
                        warned.merge(key, 1, Integer::sum);
                    }
                }
                case "changed", "created", "deleted" -> {
                    if (!kind.equals("Pod") && !kind.equals("ReplicaSet") && isWanted(entry)) {
                        objects.putIfAbsent(key, object);
                        changed.put(key, Instant.parse(entry.path("at").asText()));
                    }
                }
                default -> {}
            }
        }
        return new Baselines(ranked(changed, objects), ranked(warned, objects));
    }

    /** Whether something was changed that people or their programs want, not what is the case. */
    private static boolean isWanted(JsonNode entry) {
        if (CONTROLLERS.contains(entry.path("who").asText())) {
            return false;
        }
        boolean whole = !entry.has("fields");
        for (JsonNode field : entry.path("fields")) {
            whole |= !field.path("path").asText().startsWith("status");
        }
        return whole;
    }

    /** The Deployment, by the names that its controllers give. */
    private static Cause owner(String kind, String namespace, String name) {
        String owner =
                switch (kind) {
                    case "Pod" -> name.replaceFirst("-[a-z0-9]+-[a-z0-9]{5}$", "");
                    case "ReplicaSet" -> name.replaceFirst("-[a-z0-9]+$", "");
                    default -> name;
                };
        return new Cause(owner.equals(name) ? kind : "Deployment", namespace, owner, "changed", "", "");
    }

    private static <T extends Comparable<T>> List<Cause> ranked(Map<String, T> values, Map<String, Cause> objects) {
        List<Map.Entry<String, T>> entries = new ArrayList<>(values.entrySet());
        entries.sort(Map.Entry.<String, T>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()));
        return entries.stream().map(entry -> objects.get(entry.getKey())).toList();
    }

    Ranks ranks(Cause truth) {
        return new Ranks(rankOf(lastChanges, truth), rankOf(mostEvents, truth));
    }

    private static int rankOf(List<Cause> ranked, Cause truth) {
        for (int i = 0; i < ranked.size(); i++) {
            if (ranked.get(i).sameObject(truth)) {
                return i + 1;
            }
        }
        return 0;
    }
}
