/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.bench;

import dev.traversion.e2e.recording.ApiClient;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Pods on fake nodes. */
final class PodLoad {

    private static final String JSON = "application/json";
    static final int NODES = 50;
    private static final int SENDERS = 8;

    private PodLoad() {}

    /** Nodes that kwok keeps ready. */
    static void createNodes(ApiClient server, int nodes) throws Exception {
        all(server, "/api/v1/nodes", nodes, i -> """
                {"apiVersion":"v1","kind":"Node","metadata":{"name":"fake-%d","annotations":{"kwok.x-k8s.io/node":"fake"}}}
                """.formatted(i));
    }

    /** Pods with sidecars and environments, bound to the nodes; kwok makes them run. */
    static void createPods(ApiClient server, String namespace, int pods, int containers, int variables)
            throws Exception {
        server.send(
                "POST",
                JSON,
                "/api/v1/namespaces",
                "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"" + namespace + "\"}}");
        String environment = IntStream.range(0, variables)
                .mapToObj(i -> "{\"name\":\"SETTING_" + i + "\",\"value\":\"https://service-" + i
                        + ".team.svc.cluster.local:8443/api/v1\"}")
                .collect(Collectors.joining(","));
        String template = IntStream.range(0, containers)
                .mapToObj(i -> """
                        {"name":"c%1$d","image":"registry.example.com/team/service-%1$d:1.2.3","env":[%2$s],
                         "resources":{"requests":{"cpu":"100m","memory":"128Mi"},"limits":{"memory":"256Mi"}}}
                        """.formatted(i, environment))
                .collect(Collectors.joining(","));
        all(server, "/api/v1/namespaces/" + namespace + "/pods", pods, i -> """
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"pod-%1$d","labels":{"app":"bench"}},
                 "spec":{"nodeName":"fake-%2$d","automountServiceAccountToken":false,"containers":[%3$s]}}
                """.formatted(i, i % NODES, template));
    }

    private interface Body {
        String of(int i);
    }

    private static void all(ApiClient server, String path, int count, Body body) throws Exception {
        try (ExecutorService senders = Executors.newFixedThreadPool(SENDERS)) {
            List<Future<ApiClient.Answer>> answers = IntStream.range(0, count)
                    .mapToObj(i -> senders.submit(() -> server.send("POST", JSON, path, body.of(i))))
                    .toList();
            for (Future<ApiClient.Answer> answer : answers) {
                if (answer.get().status() != 201) {
                    throw new IllegalStateException(path + ": " + answer.get().status() + " "
                            + answer.get().body());
                }
            }
        }
    }
}
