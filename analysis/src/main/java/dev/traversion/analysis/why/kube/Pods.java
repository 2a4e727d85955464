/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.Words;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Specs of pods, in pods and in the templates of those who make them. */
public final class Pods {

    private static final List<String> CONTAINERS = List.of("containers", "initContainers");

    private static final Words UNREST =
            Words.of("waiting", "terminated", "Pending", "Failed", "Evicted", "DisruptionTarget", "False", "Unknown");

    private Pods() {}

    /** The template of a workload, the pod itself of a pod; a missing node if it has none. */
    public static JsonNode template(JsonNode object) {
        JsonNode ofCron = object.path("spec").path("jobTemplate").path("spec").path("template");
        JsonNode template = object.path("spec").path("template");
        if (!ofCron.isMissingNode()) {
            return ofCron;
        }
        if (!template.isMissingNode()) {
            return template;
        }
        return object.path("spec").has("containers") ? object : MissingNode.getInstance();
    }

    /** All containers of a spec, those that run first included. */
    public static List<JsonNode> containers(JsonNode spec) {
        List<JsonNode> all = new ArrayList<>();
        for (String list : CONTAINERS) {
            spec.path(list).forEach(all::add);
        }
        return all;
    }

    /** A container by its name; a missing node if there is none. */
    public static JsonNode container(JsonNode spec, String name) {
        for (JsonNode container : containers(spec)) {
            if (container.path("name").asText().equals(name)) {
                return container;
            }
        }
        return MissingNode.getInstance();
    }

    public static boolean isReady(Version pod) {
        return condition(pod, "Ready").path("status").asText().equals("True");
    }

    /** Whether a pod runs, all of it ready, and nothing of it ever ended; tells without parsing it. */
    public static boolean isCalm(Version pod) {
        return !pod.mentions(UNREST);
    }

    /** A condition of any object; a missing node if it has none of the type. */
    public static JsonNode condition(Version object, String type) {
        for (JsonNode condition : object.get("status", "conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        return MissingNode.getInstance();
    }

    /**
     * A ConfigMap or Secret that a pod needs to start.
     *
     * @param kind ConfigMap or Secret
     * @param key {@code ""} for all that there are
     */
    public record Reference(String kind, String name, String key, boolean optional) {}

    /** What a spec reads of ConfigMaps and Secrets. */
    public static Set<Reference> references(JsonNode spec) {
        Set<Reference> found = new LinkedHashSet<>();
        for (JsonNode container : containers(spec)) {
            for (JsonNode env : container.path("env")) {
                JsonNode from = env.path("valueFrom");
                keyed("ConfigMap", from.path("configMapKeyRef"), found);
                keyed("Secret", from.path("secretKeyRef"), found);
            }
            for (JsonNode from : container.path("envFrom")) {
                whole("ConfigMap", from.path("configMapRef"), "name", found);
                whole("Secret", from.path("secretRef"), "name", found);
            }
        }
        for (JsonNode volume : spec.path("volumes")) {
            volume(volume, found);
            volume.path("projected").path("sources").forEach(source -> volume(source, found));
        }
        return found;
    }

    private static void volume(JsonNode volume, Set<Reference> found) {
        whole("ConfigMap", volume.path("configMap"), "name", found);
        whole("Secret", volume.path("secret"), volume.path("secret").has("secretName") ? "secretName" : "name", found);
    }

    private static void keyed(String kind, JsonNode reference, Set<Reference> found) {
        if (reference.has("name")) {
            found.add(new Reference(
                    kind,
                    reference.path("name").asText(),
                    reference.path("key").asText(),
                    reference.path("optional").asBoolean()));
        }
    }

    private static void whole(String kind, JsonNode reference, String member, Set<Reference> found) {
        if (!reference.has(member)) {
            return;
        }
        String name = reference.path(member).asText();
        boolean optional = reference.path("optional").asBoolean();
        if (reference.path("items").isEmpty()) {
            found.add(new Reference(kind, name, "", optional));
        }
        for (JsonNode item : reference.path("items")) {
            found.add(new Reference(kind, name, item.path("key").asText(), optional));
        }
    }

    /** Texts a container is started with: command, arguments and plain values of its environment. */
    public static List<String> texts(JsonNode container) {
        List<String> texts = new ArrayList<>();
        container.path("command").forEach(each -> texts.add(each.asText()));
        container.path("args").forEach(each -> texts.add(each.asText()));
        container.path("env").forEach(each -> texts.add(each.path("value").asText("")));
        return texts;
    }

    /** What a pod asks for, as the scheduler counts. */
    public static double request(JsonNode spec, String resource) {
        double sum = 0;
        for (JsonNode container : spec.path("containers")) {
            sum += amount(container, resource);
        }
        double most = 0;
        for (JsonNode container : spec.path("initContainers")) {
            if (isSidecar(container)) {
                sum += amount(container, resource);
            } else {
                most = Math.max(most, amount(container, resource));
            }
        }
        return Math.max(sum, most) + Quantities.of(spec.path("overhead").path(resource), 0);
    }

    private static double amount(JsonNode container, String resource) {
        JsonNode resources = container.path("resources");
        return Quantities.of(
                resources.path("requests").path(resource),
                Quantities.of(resources.path("limits").path(resource), 0));
    }

    /** Labels of an object. */
    public static JsonNode labels(Version version) {
        return version.get("metadata", "labels");
    }

    /** Whether a container that runs first stays beside the others instead of ending. */
    public static boolean isSidecar(JsonNode init) {
        return init.path("restartPolicy").asText().equals("Always");
    }

    /** Those that run as long as the pod does, and so may serve something. */
    private static List<JsonNode> lasting(JsonNode spec) {
        List<JsonNode> found = new ArrayList<>();
        spec.path("containers").forEach(found::add);
        for (JsonNode init : spec.path("initContainers")) {
            if (isSidecar(init)) {
                found.add(init);
            }
        }
        return found;
    }

    /** Whether any of an object's ports has a name or a number. */
    public static boolean declares(JsonNode spec, JsonNode port) {
        for (JsonNode container : lasting(spec)) {
            for (JsonNode each : container.path("ports")) {
                if (port.isTextual()
                        ? port.asText().equals(each.path("name").asText())
                        : port.asInt() == each.path("containerPort").asInt()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether a pod declares a port, or is probed at it. */
    public static boolean serves(JsonNode spec, JsonNode port) {
        return declares(spec, port) || (port.isNumber() && probed(spec).contains(port.asInt()));
    }

    /** The numbers of the ports at which a pod is probed, by number or by name, so that something listens there. */
    public static Set<Integer> probed(JsonNode spec) {
        Set<Integer> found = new LinkedHashSet<>();
        lasting(spec).forEach(container -> probes(container, found));
        return found;
    }

    private static void probes(JsonNode container, Set<Integer> found) {
        for (String probe : List.of("readinessProbe", "livenessProbe", "startupProbe")) {
            for (String how : List.of("httpGet", "tcpSocket", "grpc")) {
                JsonNode port = container.path(probe).path(how).path("port");
                if (port.isNumber()) {
                    found.add(port.asInt());
                }
                for (JsonNode each : container.path("ports")) {
                    if (port.isTextual()
                            && port.asText().equals(each.path("name").asText())) {
                        found.add(each.path("containerPort").asInt());
                    }
                }
            }
        }
    }

    /** Whether a container declares a port below a number, or is probed at one. */
    public static boolean listens(JsonNode container, int below) {
        Set<Integer> ports = new LinkedHashSet<>();
        probes(container, ports);
        container
                .path("ports")
                .forEach(each -> ports.add(each.path("containerPort").asInt(below)));
        return ports.stream().anyMatch(port -> port < below);
    }

    /** Whether a spec says anything of the ports it listens on. */
    public static boolean declaresPorts(JsonNode spec) {
        return lasting(spec).stream()
                .anyMatch(container -> !container.path("ports").isEmpty());
    }
}
