/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Pods that name each other, and have names only once they are ready. */
final class ColdStart extends PlainRule {

    ColdStart() {
        super(
                "cold-start",
                "A failing container names the headless Service that its own pod is behind, which does not publish addresses that are not"
                        + " ready any more, since that was changed before the pod was made; and none is ready, or the pod asks for"
                        + " itself. Proved if its message says that a name behind the Service is not known.",
                TemplateRule.RUNNING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version pod = trouble.about();
        Set<ObjectKey> services =
                new LinkedHashSet<>(Addresses.named(world, pod.key().namespace(), pod.get("spec")));
        world.keys(Types.SERVICES, pod.key().namespace()).stream()
                .filter(key -> trouble.text().contains(pod.key().name() + "." + key.name()))
                .forEach(services::add);
        for (ObjectKey service : services) {
            boolean isOwn = ServiceTroubles.podsEver(world, service).contains(pod.key());
            for (Change change : isOwn ? world.changes(service) : List.<Change>of()) {
                boolean isInput = change.path().equals("spec.publishNotReadyAddresses")
                        && change.at() <= pod.created() + SLACK / 2
                        && Addresses.isHeadless(change.after())
                        && publishes(change.before())
                        && Fields.stands(world, change, trouble.from(), each -> !publishes(each));
                boolean isNameless = trouble.text().contains(pod.key().name() + "." + service.name());
                if (isInput && (isNameless || isDown(world, service, trouble.from() + SLACK))) {
                    boolean isProved = DnsPolicy.isUnresolved(trouble.text())
                            && List.of(trouble.text().split("[^a-z0-9-]+", -1)).contains(service.name())
                            && !Templates.wasChanged(world, trouble);
                    links.add(Link.to(
                            change,
                            isProved ? Tier.A : Tier.B,
                            isProved ? 0.95 : 0.8,
                            isNameless
                                    ? "the pod asks for itself, and has no name behind the Service " + service.path()
                                            + " until it is ready"
                                    : "the container names pods behind the Service " + service.path()
                                            + ", which have no name until they are ready, and none is"));
                }
            }
        }
        return links;
    }

    private static boolean publishes(Version service) {
        return service.get("spec", "publishNotReadyAddresses").asBoolean();
    }

    /** Whether pods are selected, and none of them is ready. */
    private static boolean isDown(World world, ObjectKey service, long time) {
        List<Version> pods = ServiceTroubles.podsAt(world, service, time);
        return !pods.isEmpty() && pods.stream().noneMatch(Pods::isReady);
    }
}
