/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Whom a container asks, and whom those ask. */
final class Calls {

    /** How kubelets say that a container listens, and answers that something else failed, or not in time. */
    static final Pattern ANSWER =
            Pattern.compile("statuscode: 5\\d\\d|context deadline exceeded|Client\\.Timeout exceeded");

    private static final int FARTHEST = 3;

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

    /** The nearest first; without those that its own pod is behind. */
    static List<Call> of(World world, Trouble trouble) {
        return world.remember("calls", trouble.about().key(), () -> {
            Set<ObjectKey> known = new LinkedHashSet<>(Addresses.named(
                    world, trouble.about().key().namespace(), trouble.about().get("spec")));
            List<ObjectKey> asked = MixedEndpoints.ofOthers(world, trouble);
            List<Call> found = new ArrayList<>();
            for (int hops = 1; hops <= FARTHEST; hops++) {
                Set<ObjectKey> next = new LinkedHashSet<>();
                for (ObjectKey service : asked) {
                    found.add(new Call(service, hops));
                    next.addAll(askedBehind(world, service));
                }
                next.removeAll(known);
                known.addAll(next);
                asked = List.copyOf(next);
            }
            return found;
        });
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

    /** The Services that pods behind a Service name. */
    private static Set<ObjectKey> askedBehind(World world, ObjectKey service) {
        Set<ObjectKey> found = new LinkedHashSet<>();
        for (Version maker : MixedEndpoints.behind(world, service)) {
            found.addAll(Addresses.named(
                    world, maker.key().namespace(), Pods.template(maker.body()).path("spec")));
        }
        return found;
    }
}
