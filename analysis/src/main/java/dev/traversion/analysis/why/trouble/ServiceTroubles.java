/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.trouble;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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

    /** A Service that has endpoints for so long only goes on being without, ns. */
    private static final long SHORT = 10_000_000_000L;

    private static final String NAME = "kubernetes.io/service-name";

    private ServiceTroubles() {}

    /** Its own troubles. */
    public static List<Trouble> of(World world, ObjectKey key) {
        return world.remember("troubles", key, () -> find(world, key));
    }

    private static List<Trouble> find(World world, ObjectKey key) {
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
            // Those who call it miss what it led to, which may go before it.
            endpoints(world, before, last.at(), found);
            return found;
        }
        endpoints(world, last, world.to(), found);
        StaleEndpoints.of(world, last).ifPresent(found::add);
        ports(world, last, found);
        return found;
    }

    /** @param until when it was looked at last, or was deleted, ns */
    private static void endpoints(World world, Version service, long until, List<Trouble> found) {
        if (service.get("spec", "selector").isEmpty()
                || service.get("spec", "type").asText().equals("ExternalName")) {
            return;
        }
        List<Version> slices = slices(world, service.key());
        Set<Long> moments = new TreeSet<>();
        slices.stream().map(Version::at).filter(at -> at < until).forEach(moments::add);
        moments.add(until);
        long empty = 0;
        long filled = 0;
        long before = 0;
        boolean hadSome = false;
        for (long moment : moments) {
            int ready = ready(world, service.key(), moment);
            if (ready > 0) {
                before = empty > 0 && hadSome ? empty : before;
                hadSome = true;
                filled = empty == 0 ? filled : moment;
                empty = 0;
            } else if (empty == 0) {
                // What ends and begins again is the same.
                boolean isAgain = before > 0 && moment - filled < SHORT;
                empty = isAgain ? before : Math.max(moment, world.from());
            }
        }
        boolean isNew = until - service.created() < 20_000_000_000L;
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
                    until < world.to() ? until : Long.MAX_VALUE,
                    List.of(Evidence.version(shown, text))));
        }
    }

    private static List<Version> slices(World world, ObjectKey service) {
        List<Version> found = new ArrayList<>();
        for (ObjectKey key : slicesEver(world, service)) {
            for (Version version : world.versions(key)) {
                if (isOf(version, service)) {
                    found.add(version);
                }
            }
        }
        found.sort((one, other) -> Long.compare(one.at(), other.at()));
        return found;
    }

    /** The EndpointSlices that a Service had at some time of the window. */
    public static Set<ObjectKey> slicesEver(World world, ObjectKey service) {
        JsonNode name = JsonNodeFactory.instance.objectNode().put(NAME, service.name());
        return world.selected(Types.SLICES, service.namespace(), name);
    }

    /** Those that it has at a moment. */
    public static List<Version> slicesAt(World world, ObjectKey service, long time) {
        List<Version> found = new ArrayList<>();
        for (ObjectKey key : slicesEver(world, service)) {
            world.at(key, time).filter(slice -> isOf(slice, service)).ifPresent(found::add);
        }
        return found;
    }

    private static boolean isOf(Version slice, ObjectKey service) {
        return Pods.labels(slice).path(NAME).asText().equals(service.name());
    }

    /** How many endpoints a Service had that took connections. */
    public static int ready(World world, ObjectKey service, long time) {
        int ready = 0;
        for (Version slice : slicesAt(world, service, time)) {
            for (JsonNode endpoint : slice.get("endpoints")) {
                ready += endpoint.path("conditions").path("ready").asBoolean(true) ? 1 : 0;
            }
        }
        return ready;
    }

    /** A target port that pods do not declare: a name, or a number of a Service that was touched in the window. */
    private static void ports(World world, Version service, List<Trouble> found) {
        boolean isOld = world.versions(service.key()).size() == 1 && service.created() <= world.from();
        List<Version> pods = pods(world, service, world.to());
        if (pods.isEmpty()) {
            return;
        }
        boolean saysNone = pods.stream().noneMatch(pod -> Pods.declaresPorts(pod.get("spec")));
        for (JsonNode port : service.get("spec", "ports")) {
            JsonNode target = port.has("targetPort") ? port.path("targetPort") : port.path("port");
            boolean isServed = pods.stream().anyMatch(pod -> Pods.serves(pod.get("spec"), target));
            // A number may be listened on without being declared; a name means nothing then.
            boolean isTold =
                    target.isTextual() || !(isOld || saysNone) || (saysNone && ledToProbed(world, service, pods));
            if (!isServed && isTold) {
                String text = "no pod behind Service " + service.key().path() + " declares the port " + target.asText();
                found.add(new Trouble(
                        What.PORT_UNSERVED,
                        service,
                        "",
                        text,
                        Math.max(
                                Math.max(service.at(), world.from()),
                                pods.stream().mapToLong(Version::created).min().orElse(0)),
                        Long.MAX_VALUE,
                        List.of(Evidence.version(service, text))));
            }
        }
    }

    /** Whether a Service led, in an earlier version, to a port at which the pods are probed. */
    private static boolean ledToProbed(World world, Version service, List<Version> pods) {
        for (Version earlier : world.versions(service.key())) {
            for (JsonNode port : earlier.get("spec", "ports")) {
                int target = port.has("targetPort")
                        ? port.path("targetPort").asInt()
                        : port.path("port").asInt();
                boolean isProbed = pods.stream()
                        .anyMatch(pod -> Pods.probed(pod.get("spec")).contains(target));
                if (isProbed && !earlier.equals(service)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The pods a Service selects at a moment. */
    public static List<Version> pods(World world, Version service, long time) {
        List<Version> found = new ArrayList<>();
        JsonNode selector = service.get("spec", "selector");
        for (ObjectKey key : world.selected(Types.PODS, service.key().namespace(), selector)) {
            world.at(key, time)
                    .filter(pod -> Selectors.pairs(selector, Pods.labels(pod)))
                    .ifPresent(found::add);
        }
        return found;
    }

    /** The same of a Service that may not be there. */
    public static List<Version> podsAt(World world, ObjectKey service, long time) {
        return world.at(service, time).map(each -> pods(world, each, time)).orElse(List.of());
    }

    /** The pods that a Service selected at some time of the window: by any of its selectors. */
    public static Set<ObjectKey> podsEver(World world, ObjectKey service) {
        return world.remember("pods", service, () -> {
            Set<ObjectKey> found = new LinkedHashSet<>();
            for (Version version : world.versions(service)) {
                found.addAll(world.selected(Types.PODS, service.namespace(), version.get("spec", "selector")));
            }
            return found;
        });
    }

    /** The pods of its namespace that name a Service, and are not behind it. */
    public static Set<ObjectKey> callers(World world, ObjectKey service) {
        Set<ObjectKey> behind = podsEver(world, service);
        Set<ObjectKey> found = new LinkedHashSet<>();
        for (List<ObjectKey> pods : world.alike(Types.PODS, service.namespace())) {
            Version pod = world.versions(pods.getFirst()).getFirst();
            if (Addresses.named(world, service.namespace(), pod.get("spec")).contains(service)) {
                found.addAll(pods);
            }
        }
        found.removeAll(behind);
        return found;
    }
}
