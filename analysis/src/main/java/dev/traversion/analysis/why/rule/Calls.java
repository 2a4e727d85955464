/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Kernel;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Whom a container asks, and whom those ask. */
final class Calls {

    /** How kubelets say that a container listens, and answers that something else failed, or not in time. */
    static final Pattern ANSWER =
            Pattern.compile("statuscode: 5\\d\\d|context deadline exceeded|Client\\.Timeout exceeded");

    private static final int FARTHEST = 3;

    /** What failed so long before a probe was said to, ns. */
    private static final long BEFORE = 60_000_000_000L;

    private Calls() {}

    /**
     * A Service that is asked.
     *
     * @param hops 1 if the container itself names it
     */
    record Call(ObjectKey service, int hops) {

        /** A strength, the less the farther away it is. */
        double fade(double strength) {
            return strength * Math.pow(0.9, hops - 1);
        }
    }

    /** Whom a container asks, the nearest first, if its probe says that something else failed; none if not. */
    static List<Call> ofAnswer(World world, Trouble trouble) {
        return ANSWER.matcher(trouble.text()).find() ? of(world, trouble) : List.of();
    }

    /** The nearest first; without those that its own pod is behind. */
    private static List<Call> of(World world, Trouble trouble) {
        return world.remember("calls " + trouble.from(), trouble.about().key(), () -> {
            Set<ObjectKey> known = new LinkedHashSet<>(Addresses.named(
                    world, trouble.about().key().namespace(), trouble.about().get("spec")));
            Set<ObjectKey> asked = direct(world, trouble);
            known.addAll(asked);
            List<Call> found = new ArrayList<>();
            for (int hops = 1; hops <= FARTHEST; hops++) {
                Set<ObjectKey> next = new LinkedHashSet<>();
                for (ObjectKey service : asked) {
                    found.add(new Call(service, hops));
                    for (Version maker : MixedEndpoints.behind(world, service)) {
                        next.addAll(named(
                                world,
                                maker.key().namespace(),
                                Pods.template(maker.body()).path("spec")));
                    }
                }
                next.removeAll(known);
                known.addAll(next);
                asked = next;
            }
            return found;
        });
    }

    /** The Services that a container names, or was seen to fail to reach, but for those which its own pod is behind. */
    private static Set<ObjectKey> direct(World world, Trouble trouble) {
        ObjectKey pod = trouble.about().key();
        Set<ObjectKey> found = named(world, pod.namespace(), trouble.about().get("spec"));
        if (pod.type().equals(Types.PODS)) {
            world
                    .happenings(trouble.about(), trouble.from() - BEFORE, trouble.from() + Rule.SLACK)
                    .orElse(List.of())
                    .stream()
                    .map(Kernel.Happening::address)
                    .filter(address -> !address.isEmpty())
                    .distinct()
                    .forEach(address -> found.addAll(Addresses.holders(world, pod.namespace(), address)));
        }
        found.removeIf(service -> ServiceTroubles.podsEver(world, service).contains(pod));
        return found;
    }

    /** The Services that a spec names, or a ConfigMap that its containers read. */
    private static Set<ObjectKey> named(World world, String namespace, JsonNode spec) {
        Set<ObjectKey> found = new LinkedHashSet<>(Addresses.named(world, namespace, spec));
        for (Pods.Reference reference : Pods.references(spec)) {
            if (!reference.kind().equals("ConfigMap") || reference.name().equals("kube-root-ca.crt")) {
                continue;
            }
            ObjectKey key = new ObjectKey(Types.CONFIG_MAPS, namespace, reference.name());
            for (Version version : world.versions(key)) {
                for (Map.Entry<String, JsonNode> each : version.get("data").properties()) {
                    if (reference.key().isEmpty() || reference.key().equals(each.getKey())) {
                        found.addAll(Addresses.meant(
                                world, namespace, each.getValue().asText("")));
                    }
                }
            }
        }
        return found;
    }

    /** The workloads whose pods answer for a Service, but for the one of the trouble itself. */
    static List<Version> behind(World world, Trouble trouble, ObjectKey service) {
        ObjectKey own = Templates.maker(world, trouble.about()).key();
        return MixedEndpoints.behind(world, service).stream()
                .filter(maker -> !maker.key().equals(own))
                .toList();
    }

    /** Whether nobody else is behind a Service, and those who are took up no change of their template just then but harmless ones. */
    static boolean isAlone(
            World world, Trouble trouble, ObjectKey service, Version maker, Predicate<Change> isHarmless) {
        return MixedEndpoints.behind(world, service).size() == 1
                && world.changes(maker.key()).stream()
                        .filter(each -> each.operation() == Change.Operation.CHANGED
                                && each.path().startsWith(Templates.prefix(maker.body()) + "spec")
                                && !isHarmless.test(each))
                        .noneMatch(each -> TookOver.isJustThen(world, trouble, service, each));
    }
}
