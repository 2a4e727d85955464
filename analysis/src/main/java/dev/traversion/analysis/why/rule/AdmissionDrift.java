/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.analysis.why.trouble.WorkloadTroubles;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Pods that are not what their template says, since admission changes them. */
final class AdmissionDrift extends PlainRule {

    AdmissionDrift() {
        super(
                "admission-drift",
                "A container is made with other resources than its template asks for, or its template has none of the name: a mutating"
                        + " webhook or policy, what its backend reads, or a LimitRange was changed before, and no pod was made as its template says since."
                        + " Proved if one was before, and the change brought the amount, or the image, that the container has.",
                Set.of(
                        What.OUT_OF_MEMORY,
                        What.IMAGE_UNAVAILABLE,
                        What.START_FAILED,
                        What.CONFIG_MISSING,
                        What.STARTUP_FAILED,
                        What.UNSCHEDULABLE,
                        What.CRASHED,
                        What.LIVENESS_FAILED,
                        What.READINESS_FAILED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version pod = trouble.about();
        // As it was made: what was changed of it later is its own.
        if (!pod.key().type().equals(Types.PODS)
                || !differs(world, world.versions(pod.key()).getFirst(), trouble.container())) {
            return links;
        }
        long until = pod.created() + SLACK;
        long lastSame = lastSame(world, pod, trouble.container());
        for (Change change : world.changes(Types.MUTATING, "")) {
            if (!change.path().contains("caBundle") && !change.path().startsWith("metadata")) {
                link(change, lastSame, until, 0.8, "webhooks may have changed it", pod, links);
            }
        }
        for (Change change : policies(world)) {
            link(change, lastSame, until, 0.8, "policies may have changed it", pod, links);
        }
        for (Version configuration : world.list(Types.MUTATING, "", until)) {
            for (JsonNode webhook : configuration.get("webhooks")) {
                JsonNode reference = webhook.path("clientConfig").path("service");
                ObjectKey service = new ObjectKey(
                        Types.SERVICES,
                        reference.path("namespace").asText(),
                        reference.path("name").asText());
                String text = "the webhook " + webhook.path("name").asText() + " changed it by what it reads here";
                for (Change change : sources(world, service)) {
                    link(change, lastSame, until, 0.9, text, pod, links);
                }
            }
        }
        for (Change change : world.changes(Types.LIMIT_RANGES, pod.key().namespace())) {
            if (change.operation() != Change.Operation.DELETED) {
                link(change, lastSame, until, 0.85, "it got the LimitRange's defaults", pod, links);
            }
        }
        return links;
    }

    /** Changes of the policies that change pods as they are made, and of their bindings. */
    static List<Change> policies(World world) {
        List<Change> found = new ArrayList<>(world.changes(Types.MUTATING_POLICIES, ""));
        found.addAll(world.changes(Types.MUTATING_BINDINGS, ""));
        found.removeIf(change -> change.path().startsWith("metadata"));
        return found;
    }

    /**
     * A change after which no pod was made as its template says. Proved if one was before it, and what the change brought has the
     * amount that the pod has and its template has not.
     */
    private static void link(
            Change change, long lastSame, long until, double strength, String text, Version pod, List<Link> links) {
        if (change.at() <= until && change.at() >= lastSame - SLACK / 2) {
            boolean wasSame = lastSame > 0;
            JsonNode brought = change.operation() == Change.Operation.CREATED
                    ? change.after().body()
                    : change.now();
            boolean proved = wasSame && brought != null && amounts(pod).stream().anyMatch(brought.toString()::contains);
            links.add(Link.to(
                    change, proved ? Tier.A : Tier.B, strength, "the pod is not as its template says: " + text));
        }
    }

    /** When the last pod of the same workload was made that was as its template says, ns; 0 if there was none before this one. */
    private static long lastSame(World world, Version pod, String name) {
        Version maker = Templates.maker(world, pod);
        return WorkloadTroubles.family(world, maker).stream()
                .filter(key -> key.type().equals(Types.PODS))
                .map(key -> world.versions(key).getFirst())
                .filter(other -> other.created() < pod.created() && !differs(world, other, name))
                .mapToLong(Version::created)
                .max()
                .orElse(0);
    }

    private static Set<String> amounts(Version pod) {
        Set<String> found = new HashSet<>();
        for (JsonNode container : pod.get("spec", "containers")) {
            container.path("resources").path("limits").forEach(each -> found.add(each.asText()));
            found.add(container.path("image").asText());
        }
        return found;
    }

    /**
     * Whether a container of a pod is another one than what its controller made it of.
     *
     * @param name {@code ""} for the limits of any
     */
    private static boolean differs(World world, Version pod, String name) {
        Version maker = world.controller(pod)
                .flatMap(controller -> world.at(controller.key(), pod.created() + SLACK))
                .orElse(pod);
        JsonNode template = Pods.template(maker.body()).path("spec");
        for (JsonNode container : Pods.containers(pod.get("spec"))) {
            String its = container.path("name").asText();
            JsonNode asked = Pods.container(template, its);
            boolean isInjected = asked.isMissingNode() && !template.isMissingNode();
            if (name.isEmpty() || its.equals(name)) {
                if ((isInjected && its.equals(name)) || (!asked.isMissingNode() && !hasSameLimits(container, asked))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean hasSameLimits(JsonNode container, JsonNode asked) {
        JsonNode limits = container.path("resources").path("limits");
        JsonNode wanted = asked.path("resources").path("limits");
        return limits.equals(wanted) || (limits.isEmpty() && wanted.isEmpty());
    }

    /** Changes of what the pods behind a Service read, and of how they are started. */
    static List<Change> sources(World world, ObjectKey service) {
        return world.remember("sources", service, () -> read(world, service));
    }

    private static List<Change> read(World world, ObjectKey service) {
        List<Change> found = new ArrayList<>();
        if (service.name().isEmpty()) {
            return found;
        }
        for (ObjectKey key : ServiceTroubles.podsEver(world, service)) {
            Version pod = world.versions(key).getFirst();
            for (Pods.Reference reference : Pods.references(pod.get("spec"))) {
                ResourceType type = reference.kind().equals("Secret") ? Types.SECRETS : Types.CONFIG_MAPS;
                if (!reference.name().equals("kube-root-ca.crt")) {
                    found.addAll(world.changes(new ObjectKey(type, service.namespace(), reference.name())));
                }
            }
            Version maker = world.root(pod);
            for (Change change : world.changes(maker.key())) {
                if (change.path().startsWith(Templates.prefix(maker.body()) + "spec")) {
                    found.add(change);
                }
            }
        }
        found.removeIf(change -> change.path().startsWith("metadata"));
        return found.stream().distinct().toList();
    }
}
