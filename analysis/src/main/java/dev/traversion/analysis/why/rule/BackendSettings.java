/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.kube.Addresses.Address;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What those whom a container asks were told by a ConfigMap or Secret, which they read when they are made. */
final class BackendSettings extends PlainRule {

    BackendSettings() {
        super(
                "backend-settings",
                "A container names a Service. Its probe began to fail, with an error of a server or no answer in time, just when only"
                        + " pods were behind it that were made after a ConfigMap or Secret had changed which they read. Proved if the"
                        + " text that they read named an address in the cluster that a Service answered, and now one that none does, and"
                        + " nothing else was changed that they are made of.",
                Set.of(What.READINESS_FAILED, What.LIVENESS_FAILED, What.STARTUP_FAILED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        if (!FartherEndpoints.ANSWER.matcher(trouble.text()).find()) {
            return links;
        }
        ObjectKey own = Templates.maker(world, trouble.about()).key();
        for (ObjectKey service : MixedEndpoints.ofOthers(world, trouble)) {
            for (Version maker : MixedEndpoints.behind(world, service)) {
                if (!maker.key().equals(own)) {
                    read(world, trouble, service, maker, links);
                }
            }
        }
        return links;
    }

    private static void read(World world, Trouble trouble, ObjectKey service, Version maker, List<Link> links) {
        Version latest = world.at(maker.key(), trouble.from()).orElse(maker);
        for (Change change : ConfigContent.read(
                world, maker.key().namespace(), Pods.template(latest.body()).path("spec"))) {
            boolean isTakenUp = change.operation() == Change.Operation.CHANGED
                    && TookOver.isJustThen(world, trouble, service, maker.key(), change.at());
            if (isTakenUp) {
                Optional<Address> lost = ConfigContent.lost(world, change, trouble.from());
                boolean isAddress = change.now() != null
                        && Addresses.meaning(
                                        world,
                                        maker.key().namespace(),
                                        change.now().asText(""),
                                        trouble.from())
                                != Addresses.Meaning.NONE;
                links.add(Link.to(
                        change,
                        lost.isPresent() && isAlone(world, trouble, service, maker) ? Tier.A : Tier.B,
                        lost.isPresent() ? 0.95 : isAddress ? 0.55 : 0.45,
                        "what answers for the Service " + service.path() + " reads it"
                                + lost.map(each -> ", and no Service answers to " + each + ", which it names")
                                        .orElse("")));
            }
        }
    }

    /** Whether nobody else is behind a Service, and those who are took up no change of their template just then. */
    private static boolean isAlone(World world, Trouble trouble, ObjectKey service, Version maker) {
        return MixedEndpoints.behind(world, service).size() == 1
                && world.changes(maker.key()).stream()
                        .filter(each -> each.operation() == Change.Operation.CHANGED
                                && each.path().startsWith(Templates.prefix(maker.body()) + "spec"))
                        .noneMatch(each -> TookOver.isJustThen(world, trouble, service, each));
    }
}
