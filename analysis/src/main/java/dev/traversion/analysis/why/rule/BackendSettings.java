/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.kube.Addresses.Address;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What those whom a container asks were told by a ConfigMap or Secret, which they read when they are made. */
final class BackendSettings extends PlainRule {

    BackendSettings() {
        super(
                "backend-settings",
                "A container names a Service, behind which others may name further ones. Its probe began to fail, with"
                        + " an error of a server or no answer in time, just when only pods were behind one of them that"
                        + " were made after a ConfigMap or Secret had changed which they read. Proved if the text that"
                        + " they read named an address in the cluster that a Service answered, and now one that none does,"
                        + " and nothing else was changed of their template. Or what it reads had a path or port for which"
                        + " the container asks, and has not since.",
                TemplateRule.RUNNING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        for (Calls.Call call : Calls.ofAnswer(world, trouble)) {
            for (Version maker : Calls.behind(world, trouble, call.service())) {
                read(world, trouble, call, maker, links);
            }
        }
        for (ObjectKey service : MixedEndpoints.ofOthers(world, trouble)) {
            for (Version maker : Calls.behind(world, trouble, service)) {
                asked(world, trouble, maker, service, links);
            }
        }
        return links;
    }

    private static void asked(World world, Trouble trouble, Version maker, ObjectKey service, List<Link> links) {
        for (Change change : inputs(world, maker, trouble.from())) {
            boolean isAskedFor = Rule.precedes(change.at(), trouble)
                    && Fitting.isAskedFor(trouble, change)
                    && Templates.gotReady(world, maker, change.at(), trouble.from() + SLACK);
            if (isAskedFor && links.stream().noneMatch(link -> change.equals(link.change()))) {
                links.add(Link.to(
                        change,
                        Tier.B,
                        0.92,
                        "what answers for the Service " + service.path() + " reads it, and had what is asked for"));
            }
        }
    }

    private static void read(World world, Trouble trouble, Calls.Call call, Version maker, List<Link> links) {
        for (Change change : takenUp(world, trouble, call, maker)) {
            Optional<Address> lost = ConfigContent.lost(world, change, trouble.from());
            boolean isAddress = change.now() != null
                    && Addresses.meaning(
                                    world, maker.key().namespace(), change.now().asText(""), trouble.from())
                            != Addresses.Meaning.NONE;
            boolean isProved = lost.isPresent() && Calls.isAlone(world, trouble, call.service(), maker, _ -> false);
            double strength =
                    Fitting.isAskedFor(trouble, change) ? 0.92 : isAddress || Fitting.of(trouble, change) ? 0.55 : 0.45;
            links.add(Link.to(
                    change,
                    isProved ? Tier.A : Tier.B,
                    call.fade(lost.isPresent() ? 0.95 : strength),
                    "what answers for the Service " + call.service().path() + " reads it"
                            + lost.map(each -> ", and no Service answers to " + each + ", which it names")
                                    .orElse("")));
        }
    }

    /** The changes of what pods read that are made by a workload, if they took over with them just when a probe began to fail. */
    static List<Change> takenUp(World world, Trouble trouble, Calls.Call call, Version maker) {
        return inputs(world, maker, trouble.from()).stream()
                .filter(change -> TookOver.isJustThen(world, trouble, call.service(), maker.key(), change.at()))
                .toList();
    }

    /** The changes of what the pods of a workload read. */
    private static List<Change> inputs(World world, Version maker, long time) {
        Version latest = world.at(maker.key(), time).orElse(maker);
        return ConfigContent.read(
                        world,
                        maker.key().namespace(),
                        Pods.template(latest.body()).path("spec"))
                .stream()
                .filter(change -> change.operation() == Change.Operation.CHANGED)
                .toList();
    }
}
