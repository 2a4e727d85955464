/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.kube.Selectors;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.analysis.why.trouble.Troubles;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A selector that does not fit the labels of the pods. */
final class ServiceSelector extends PlainRule {

    ServiceSelector() {
        super(
                "service-selector",
                "The selector of a Service, or the labels of the pods it selected or of their template, were changed."
                        + " Proved: it selected pods before the change, and none after it.",
                Set.of(What.NO_ENDPOINTS));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        for (Change change : world.changes(trouble.about().key())) {
            if (change.operation() == Change.Operation.CHANGED
                    && change.path().startsWith("spec.selector")
                    && Rule.precedes(change.at(), trouble)
                    && !ServiceTroubles.pods(world, change.before(), change.at())
                            .isEmpty()
                    && ServiceTroubles.pods(world, change.after(), change.at()).isEmpty()
                    && Fields.stands(world, change, trouble.from(), service -> ServiceTroubles.pods(
                                    world, service, trouble.from())
                            .isEmpty())) {
                List<Version> selected = ServiceTroubles.pods(world, change.before(), change.at());
                boolean decides = Undoing.decides(world, change, service -> selected.stream()
                        .anyMatch(pod -> Selectors.pairs(service.path("spec").path("selector"), Pods.labels(pod))));
                links.add(Link.to(change, decides ? Tier.A : Tier.B, 1, "the Service selects no pod any more"));
            }
        }
        // Others that it selects, and that are there to stay, may be what is wrong.
        Tier tier = ServiceTroubles.pods(world, trouble.about(), trouble.from() + SLACK).stream()
                        .allMatch(pod -> pod.get("metadata").has("deletionTimestamp"))
                ? Tier.A
                : Tier.B;
        for (Version maker : Troubles.makers(world, trouble.about().key())) {
            for (Change change : world.changes(maker.key())) {
                if (change.operation() == Change.Operation.CHANGED
                        && change.path().startsWith(Templates.prefix(maker.body()) + "metadata.labels")
                        && Rule.precedes(change.at(), trouble)
                        && takes(trouble.about(), Pods.template(change.before().body()))
                        && !takes(trouble.about(), Pods.template(change.after().body()))
                        && Fields.stands(
                                world,
                                change,
                                trouble.from(),
                                each -> !takes(trouble.about(), Pods.template(each.body())))) {
                    boolean decides =
                            Undoing.decides(world, change, each -> takes(trouble.about(), Pods.template(each)));
                    links.add(Link.to(
                            change,
                            decides ? tier : Tier.B,
                            decides ? 1 : 0.3,
                            "the Service does not select the workload's pods any more"));
                }
            }
        }
        for (ObjectKey key : ServiceTroubles.podsEver(world, trouble.about().key())) {
            for (Change change : world.changes(key)) {
                JsonNode selector = trouble.about().get("spec", "selector");
                if (change.operation() == Change.Operation.CHANGED
                        && change.path().startsWith("metadata.labels")
                        && Rule.precedes(change.at(), trouble)
                        && Selectors.pairs(selector, Pods.labels(change.before()))
                        && !Selectors.pairs(selector, Pods.labels(change.after()))) {
                    boolean decides = Undoing.decides(world, change, each -> takes(trouble.about(), each));
                    links.add(Link.to(
                            change,
                            decides ? tier : Tier.B,
                            decides ? 1 : 0.3,
                            "the Service does not select the pod any more"));
                }
            }
        }
        return links;
    }

    /** Whether a Service selects a pod, or those that are made of a template. */
    private static boolean takes(Version service, JsonNode pod) {
        return Selectors.pairs(
                service.get("spec", "selector"), pod.path("metadata").path("labels"));
    }
}
