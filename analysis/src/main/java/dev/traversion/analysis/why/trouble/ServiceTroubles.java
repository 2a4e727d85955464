/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.trouble;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.kube.Selectors;
import dev.traversion.analysis.why.past.Evidence;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What was wrong with a Service: gone, without endpoints, or with a port on which nobody listens. */
public final class ServiceTroubles {

    private ServiceTroubles() {}

    /** Its own troubles. */
    public static List<Trouble> of(World world, ObjectKey key) {
        List<Trouble> found = new ArrayList<>();
        Version last = world.last(key).orElse(null);
        if (last == null) {
            return found;
        }
        List<Version> versions = world.versions(key);
        if (last.deleted()) {
            Version before = versions.size() > 1 ? versions.get(versions.size() - 2) : last;
            String text = "there is no Service " + key.path() + " any more";
            found.add(new Trouble(
                    What.SERVICE_GONE,
                    before,
                    "",
                    text,
                    last.at(),
                    Long.MAX_VALUE,
                    List.of(new Evidence(Evidence.Type.VERSION, last, last.at(), text))));
            return found;
        }
        endpoints(world, last, found);
        ports(world, last, found);
        return found;
    }

    private static void endpoints(World world, Version service, List<Trouble> found) {
        if (service.get("spec", "selector").isEmpty()
                || service.get("spec", "type").asText().equals("ExternalName")) {
            return;
        }
        List<Version> slices = slices(world, service.key());
        Set<Long> moments = new TreeSet<>();
        slices.forEach(slice -> moments.add(slice.at()));
        moments.add(world.to());
        long empty = 0;
        boolean hadSome = false;
        for (long moment : moments) {
            int ready = ready(world, service.key(), moment);
            if (ready > 0) {
                hadSome = true;
                empty = 0;
            } else if (empty == 0) {
                empty = Math.max(moment, world.from());
            }
        }
        boolean isNew = world.to() - service.created() < 20_000_000_000L;
        if (empty > 0 && !slices.isEmpty() && (hadSome || !isNew)) {
            Version shown = slices.getLast();
            for (Version slice : slices) {
                shown = slice.at() <= empty ? slice : shown;
            }
            String text = "no ready endpoint behind Service " + service.key().path();
            found.add(new Trouble(
                    What.NO_ENDPOINTS,
                    service,
                    "",
                    text,
                    empty,
                    Long.MAX_VALUE,
                    List.of(Evidence.version(shown, text))));
        }
    }

    private static List<Version> slices(World world, ObjectKey service) {
        List<Version> found = new ArrayList<>();
        for (ObjectKey key : world.keys(Types.SLICES, service.namespace())) {
            for (Version version : world.versions(key)) {
                if (isOf(version, service)) {
                    found.add(version);
                }
            }
        }
        found.sort((one, other) -> Long.compare(one.at(), other.at()));
        return found;
    }

    private static boolean isOf(Version slice, ObjectKey service) {
        return Pods.labels(slice).path("kubernetes.io/service-name").asText().equals(service.name());
    }

    /** How many endpoints a Service had that took connections. */
    public static int ready(World world, ObjectKey service, long time) {
        int ready = 0;
        for (Version slice : world.list(Types.SLICES, service.namespace(), time)) {
            if (isOf(slice, service)) {
                for (JsonNode endpoint : slice.get("endpoints")) {
                    ready += endpoint.path("conditions").path("ready").asBoolean(true) ? 1 : 0;
                }
            }
        }
        return ready;
    }

    /** A target port that pods do not declare, and that was another one when the window began. */
    private static void ports(World world, Version service, List<Trouble> found) {
        List<Version> pods = pods(world, service, world.to());
        if (pods.isEmpty() || pods.stream().noneMatch(pod -> Pods.declaresPorts(pod.get("spec")))) {
            return;
        }
        for (JsonNode port : service.get("spec", "ports")) {
            JsonNode target = port.has("targetPort") ? port.path("targetPort") : port.path("port");
            boolean isServed = pods.stream().anyMatch(pod -> Pods.declares(pod.get("spec"), target));
            boolean wasTouched = world.versions(service.key()).size() > 1 || service.created() > world.from();
            if (!isServed && wasTouched) {
                String text = "no pod behind Service " + service.key().path() + " declares the port " + target.asText();
                found.add(new Trouble(
                        What.PORT_UNSERVED,
                        service,
                        "",
                        text,
                        service.at(),
                        Long.MAX_VALUE,
                        List.of(Evidence.version(service, text))));
            }
        }
    }

    /** The pods a Service selects at a moment. */
    public static List<Version> pods(World world, Version service, long time) {
        List<Version> found = new ArrayList<>();
        for (Version pod : world.list(Types.PODS, service.key().namespace(), time)) {
            if (Selectors.pairs(service.get("spec", "selector"), Pods.labels(pod))) {
                found.add(pod);
            }
        }
        return found;
    }

    /** The pods that a Service selected at some time of the window: by any of its selectors. */
    public static Set<ObjectKey> podsEver(World world, ObjectKey service) {
        Set<ObjectKey> found = new LinkedHashSet<>();
        for (Version version : world.versions(service)) {
            for (ObjectKey key : world.keys(Types.PODS, service.namespace())) {
                for (Version pod : world.versions(key)) {
                    if (Selectors.pairs(version.get("spec", "selector"), Pods.labels(pod))) {
                        found.add(key);
                        break;
                    }
                }
            }
        }
        return found;
    }

    /** The pods of its namespace that name a Service, and are not behind it. */
    public static Set<ObjectKey> callers(World world, ObjectKey service) {
        Set<ObjectKey> behind = podsEver(world, service);
        Set<ObjectKey> found = new LinkedHashSet<>();
        for (ObjectKey key : world.keys(Types.PODS, service.namespace())) {
            Version pod = world.versions(key).getFirst();
            if (!behind.contains(key)
                    && Addresses.named(world, service.namespace(), pod.get("spec"))
                            .contains(service)) {
                found.add(key);
            }
        }
        return found;
    }
}
