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
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A Job that is done when some of its pods are, and ends the others, which were called. */
final class SuccessPolicy extends PlainRule {

    SuccessPolicy() {
        super(
                "success-policy",
                "A Service has no endpoints since a Job ended pods behind it that were ready, as the policy of success says that it"
                        + " was given before. Proved by what the Job says of its end.",
                Set.of(What.NO_ENDPOINTS));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        for (Version job : jobs(world, trouble)) {
            boolean endedReady = doneEarly(job).stream()
                    .anyMatch(done -> world.owned(Types.PODS, job.key().namespace(), job.uid()).stream()
                            .flatMap(pod -> world.at(pod, done - SLACK).stream())
                            .anyMatch(Pods::isReady));
            for (Change change : endedReady ? world.changes(world.root(job).key()) : List.<Change>of()) {
                if (change.path().contains("spec.successPolicy") && change.at() <= job.created()) {
                    links.add(Link.to(change, Tier.A, 1, "its Job is done, and ends its other pods, sooner since"));
                }
            }
        }
        return links;
    }

    /** The Jobs of pods that were behind a Service, as they were when it had none any more. */
    private static Set<Version> jobs(World world, Trouble trouble) {
        Set<Version> found = new LinkedHashSet<>();
        for (ObjectKey pod : ServiceTroubles.podsEver(world, trouble.about().key())) {
            world.controller(world.versions(pod).getFirst())
                    .filter(owner -> owner.key().type().equals(Types.JOBS))
                    .flatMap(owner -> world.at(owner.key(), trouble.from() + SLACK))
                    .ifPresent(found::add);
        }
        return found;
    }

    /** When a Job was done by its policy, ns. */
    private static Optional<Long> doneEarly(Version job) {
        JsonNode met = Pods.condition(job, "SuccessCriteriaMet");
        return met.path("reason").asText().equals("SuccessPolicy")
                ? Optional.of(Version.time(met.path("lastTransitionTime").asText(""), job.at()))
                : Optional.empty();
    }
}
