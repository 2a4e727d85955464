/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What is asked by what a container asks. */
final class FartherEndpoints extends PlainRule {

    private static final int FARTHEST = 3;

    /** How kubelets say that a container listens, and answers that something else failed, or not in time. */
    static final Pattern ANSWER =
            Pattern.compile("statuscode: 5\\d\\d|context deadline exceeded|Client\\.Timeout exceeded");

    FartherEndpoints() {
        super(
                "farther-endpoints",
                "A container names a Service, behind which others name further ones. Its probe began to fail, with an error of a server"
                        + " or no answer in time, just when pods of a changed template took over behind one of those.",
                Set.of(What.READINESS_FAILED, What.LIVENESS_FAILED, What.STARTUP_FAILED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        if (!ANSWER.matcher(trouble.text()).find()) {
            return links;
        }
        Set<ObjectKey> known = new LinkedHashSet<>(Addresses.named(
                world, trouble.about().key().namespace(), trouble.about().get("spec")));
        List<ObjectKey> asked = MixedEndpoints.ofOthers(world, trouble);
        double strength = 0.5;
        for (int hops = 2; hops <= FARTHEST; hops++) {
            Set<ObjectKey> next = new LinkedHashSet<>();
            asked.forEach(service -> next.addAll(askedBehind(world, service)));
            next.removeAll(known);
            known.addAll(next);
            asked = List.copyOf(next);
            strength *= 0.9;
            for (ObjectKey service : asked) {
                behind(world, trouble, service, strength, links);
            }
        }
        return links;
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

    private static void behind(World world, Trouble trouble, ObjectKey service, double strength, List<Link> links) {
        ObjectKey own = Templates.maker(world, trouble.about()).key();
        for (Version maker : MixedEndpoints.behind(world, service)) {
            for (Change change : maker.key().equals(own) ? List.<Change>of() : world.changes(maker.key())) {
                boolean isTemplate = change.operation() == Change.Operation.CHANGED
                        && change.path().startsWith(Templates.prefix(maker.body()) + "spec");
                if (isTemplate && TookOver.isJustThen(world, trouble, service, change)) {
                    links.add(Link.to(
                            change,
                            Tier.B,
                            Fields.lengthens(change) ? strength * 1.2 : strength,
                            "what it calls calls the Service " + service.path()
                                    + ", and what answers there is made in another way since"));
                }
            }
        }
    }
}
