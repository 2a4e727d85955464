/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.trouble;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Evidence;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What is wrong with where an Ingress leads to. */
public final class IngressTroubles {

    private IngressTroubles() {}

    static List<Trouble> of(World world, Version ingress) {
        List<Trouble> found = new ArrayList<>();
        Set<String> known = new TreeSet<>();
        for (JsonNode backend : backends(ingress)) {
            ObjectKey service = service(ingress, backend);
            if (!known.add(service + " " + backend.path("port"))) {
                continue;
            }
            String missing = missing(world, ingress, backend, world.to());
            if (missing.isEmpty()) {
                for (Trouble of : ServiceTroubles.of(world, service)) {
                    found.add(trouble(ingress, service, of.text(), of.from(), of.evidence()));
                }
            } else {
                Version shown = world.last(service).orElse(ingress);
                long since = since(world, ingress, backend, service);
                found.add(trouble(ingress, service, missing, since, List.of(Evidence.version(shown, missing))));
            }
        }
        return found;
    }

    private static Trouble trouble(
            Version ingress, ObjectKey service, String text, long from, List<Evidence> evidence) {
        return new Trouble(What.BACKEND_UNSERVED, ingress, service.name(), text, from, Long.MAX_VALUE, evidence);
    }

    /** The beginning of the stretch in which it leads there, and there is nobody. */
    private static long since(World world, Version ingress, JsonNode backend, ObjectKey service) {
        Set<Long> moments = new TreeSet<>();
        world.versions(ingress.key()).forEach(version -> moments.add(version.at()));
        world.versions(service).forEach(version -> moments.add(version.at()));
        long since = 0;
        for (long moment : moments) {
            Optional<Version> then = world.at(ingress.key(), moment);
            boolean isUnserved = then.isPresent()
                    && backends(then.get()).contains(backend)
                    && !missing(world, then.get(), backend, moment).isEmpty();
            since = !isUnserved ? 0 : since == 0 ? moment : since;
        }
        return since == 0 ? ingress.at() : Math.max(since, world.from());
    }

    /** All places an Ingress leads to: {@code {name, port: {name|number}}}. */
    public static List<JsonNode> backends(Version ingress) {
        List<JsonNode> found = new ArrayList<>();
        JsonNode spec = ingress.get("spec");
        found.add(spec.path("defaultBackend").path("service"));
        for (JsonNode rule : spec.path("rules")) {
            for (JsonNode path : rule.path("http").path("paths")) {
                found.add(path.path("backend").path("service"));
            }
        }
        found.removeIf(JsonNode::isMissingNode);
        return found;
    }

    /** The Service that one of its backends means. */
    public static ObjectKey service(Version ingress, JsonNode backend) {
        return new ObjectKey(
                Types.SERVICES, ingress.key().namespace(), backend.path("name").asText());
    }

    /** What is not there of a backend: the Service, or its port; {@code ""} if both are, or nobody knows. */
    public static String missing(World world, Version ingress, JsonNode backend, long time) {
        ObjectKey key = service(ingress, backend);
        Optional<Version> service = world.at(key, time);
        if (service.isEmpty()) {
            return world.knows(Types.SERVICES, key.namespace()) ? "there is no Service " + key.path() : "";
        }
        JsonNode port = backend.path("port");
        return hasPort(service.get(), backend)
                ? ""
                : "the Service " + key.path() + " has no port "
                        + port.path("name").asText(port.path("number").asText());
    }

    /** Whether a Service has the port of a backend. */
    public static boolean hasPort(Version service, JsonNode backend) {
        JsonNode wanted = backend.path("port");
        for (JsonNode port : service.get("spec", "ports")) {
            boolean isIt = wanted.has("name")
                    ? wanted.path("name").equals(port.path("name"))
                    : wanted.path("number").asInt() == port.path("port").asInt();
            if (isIt) {
                return true;
            }
        }
        return wanted.isEmpty();
    }
}
