/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.rewind.json.Body;
import dev.traversion.rewind.json.GoJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How objects of a moment hang together: who owns, selects, mounts and routes to whom, what runs where, and who talked to whom. */
final class Topology {

    private static final int MOST = 5000;

    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final ResourceType SERVICES = new ResourceType("", "services");
    private static final ResourceType NODES = new ResourceType("", "nodes");
    private static final ResourceType INGRESSES = new ResourceType("networking.k8s.io", "ingresses");
    private static final ResourceType CONFIG_MAPS = new ResourceType("", "configmaps");
    private static final ResourceType SECRETS = new ResourceType("", "secrets");
    private static final ResourceType CLAIMS = new ResourceType("", "persistentvolumeclaims");

    /** In this order nodes are numbered: what is above the limit is rather a pod than what owns it. */
    private static final List<ResourceType> SHOWN = List.of(
            INGRESSES,
            SERVICES,
            new ResourceType("batch", "cronjobs"),
            new ResourceType("batch", "jobs"),
            new ResourceType("apps", "deployments"),
            new ResourceType("apps", "statefulsets"),
            new ResourceType("apps", "daemonsets"),
            new ResourceType("apps", "replicasets"),
            NODES,
            CLAIMS,
            CONFIG_MAPS,
            SECRETS,
            PODS);

    private record Shown(int id, ObjectKey key, JsonNode object) {}

    private final Map<ObjectKey, Shown> shown = new LinkedHashMap<>();
    private final Map<String, Shown> byUid = new HashMap<>();
    private final ArrayNode nodes = JsonNodeFactory.instance.arrayNode();
    private final ArrayNode edges = JsonNodeFactory.instance.arrayNode();
    private int total;

    private Topology() {}

    static void answer(Question question) throws IOException {
        long time = question.time("t");
        List<ResourceType> types = new ArrayList<>(SHOWN);
        types.retainAll(question.cluster().history().types(time));
        Permitted permitted = question.permitted(types, false, time, time);
        Topology topology = new Topology();
        String namespace = question.text("namespace");
        for (ResourceType type : types) {
            // Nodes are in no namespace, and pods run on them.
            topology.add(permitted.history(), type, type.equals(NODES) ? "" : namespace, time);
        }
        topology.connect();
        if (question.cluster().hasRows(LandingTable.FLOWS)) {
            new FlowEdges(permitted.history(), question.cluster().history(), time)
                    .visit((from, to, flow) -> topology.flow(topology.shown.get(from), topology.shown.get(to), flow));
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("t", Millis.observed(time));
        answer.set("nodes", topology.nodes);
        answer.set("edges", topology.edges);
        answer.put("total", topology.total);
        answer.set("hidden", permitted.hidden());
        Answers.json(question.exchange(), answer, question.isSettled(time));
    }

    private void add(History history, ResourceType type, String namespace, long time) throws IOException {
        Body body = new Body();
        history.list(type, namespace, null, time, version -> {
            total++;
            if (shown.size() < MOST) {
                body.read(version, false);
                Shown node = new Shown(shown.size(), version.key(), GoJson.read(body.copy()));
                shown.put(version.key(), node);
                byUid.put(version.uid(), node);
                nodes.addObject()
                        .put("id", node.id())
                        .put("resource", type.toString())
                        .put("kind", version.kind())
                        .put("namespace", version.key().namespace())
                        .put("name", version.key().name())
                        .put("health", Health.of(type, body));
            }
            return true;
        });
    }

    private void edge(Shown from, Shown to, String type) {
        if (from != null && to != null) {
            edges.addObject().put("from", from.id()).put("to", to.id()).put("type", type);
        }
    }

    private void flow(Shown from, Shown to, FlowEdges.Sum flow) {
        if (from != null && to != null) {
            edges.addObject()
                    .put("from", from.id())
                    .put("to", to.id())
                    .put("type", "flow")
                    .put("count", flow.count())
                    .put("failed", flow.failed())
                    .put("bytes", flow.bytes());
        }
    }

    private void connect() {
        Map<String, List<Shown>> pods = new HashMap<>();
        for (Shown each : shown.values()) {
            for (JsonNode owner : each.object().path("metadata").path("ownerReferences")) {
                edge(byUid.get(owner.path("uid").asText()), each, "owns");
            }
            if (each.key().type().equals(PODS)) {
                pods.computeIfAbsent(each.key().namespace(), _ -> new ArrayList<>())
                        .add(each);
                JsonNode spec = each.object().path("spec");
                edge(
                        each,
                        shown.get(new ObjectKey(NODES, "", spec.path("nodeName").asText(""))),
                        "runsOn");
                mounts(each, spec);
            }
        }
        for (Shown each : shown.values()) {
            if (each.key().type().equals(SERVICES)) {
                JsonNode selector = each.object().path("spec").path("selector");
                for (Shown pod : pods.getOrDefault(each.key().namespace(), List.of())) {
                    if (selects(selector, pod.object().path("metadata").path("labels"))) {
                        edge(each, pod, "selects");
                    }
                }
            } else if (each.key().type().equals(INGRESSES)) {
                routes(each);
            }
        }
    }

    private static boolean selects(JsonNode selector, JsonNode labels) {
        if (selector.isEmpty()) {
            return false;
        }
        for (Map.Entry<String, JsonNode> wanted : selector.properties()) {
            if (!wanted.getValue().equals(labels.get(wanted.getKey()))) {
                return false;
            }
        }
        return true;
    }

    private void mounts(Shown pod, JsonNode spec) {
        for (JsonNode volume : spec.path("volumes")) {
            mount(pod, CONFIG_MAPS, volume.path("configMap").path("name"));
            mount(pod, SECRETS, volume.path("secret").path("secretName"));
            mount(pod, CLAIMS, volume.path("persistentVolumeClaim").path("claimName"));
        }
        for (JsonNode container : spec.path("containers")) {
            for (JsonNode source : container.path("envFrom")) {
                mount(pod, CONFIG_MAPS, source.path("configMapRef").path("name"));
                mount(pod, SECRETS, source.path("secretRef").path("name"));
            }
            for (JsonNode variable : container.path("env")) {
                mount(
                        pod,
                        CONFIG_MAPS,
                        variable.path("valueFrom").path("configMapKeyRef").path("name"));
                mount(
                        pod,
                        SECRETS,
                        variable.path("valueFrom").path("secretKeyRef").path("name"));
            }
        }
    }

    private void mount(Shown pod, ResourceType type, JsonNode name) {
        if (name.isTextual()) {
            edge(pod, shown.get(new ObjectKey(type, pod.key().namespace(), name.asText())), "mounts");
        }
    }

    private void routes(Shown ingress) {
        JsonNode spec = ingress.object().path("spec");
        route(ingress, spec.path("defaultBackend"));
        for (JsonNode rule : spec.path("rules")) {
            for (JsonNode path : rule.path("http").path("paths")) {
                route(ingress, path.path("backend"));
            }
        }
    }

    private void route(Shown ingress, JsonNode backend) {
        String service = backend.path("service").path("name").asText("");
        edge(ingress, shown.get(new ObjectKey(SERVICES, ingress.key().namespace(), service)), "routes");
    }
}
