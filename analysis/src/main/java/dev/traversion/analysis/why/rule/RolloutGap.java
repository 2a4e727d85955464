/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.PodTroubles;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.analysis.why.trouble.Troubles;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A rollout that ends all pods before it has others. */
final class RolloutGap extends PlainRule {

    /** Within this time of its rollout, ns, pods are gone. */
    private static final long AT_ONCE = 60_000_000_000L;

    RolloutGap() {
        super(
                "rollout-gap",
                "A Service has no endpoints during a rollout, since the strategy of its Deployment was changed so that all pods may go"
                        + " before others are ready. Proved if the strategy kept some before, the rollout changes nothing that pods are"
                        + " made of, and those that are there only begin, for no longer than others took to be ready.",
                Set.of(What.NO_ENDPOINTS));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        boolean begins = begins(world, trouble.about().key());
        for (Version maker : Troubles.makers(world, trouble.about().key())) {
            if (maker.key().type().equals(Types.DEPLOYMENTS)) {
                judge(world.changes(maker.key()), begins, trouble, links);
            }
        }
        return links;
    }

    /** Whether nothing is wrong with the pods behind a Service but that they have not been there for long. */
    private static boolean begins(World world, ObjectKey service) {
        long usual = 0;
        long oldest = 0;
        for (ObjectKey key : ServiceTroubles.podsEver(world, service)) {
            Optional<Version> ready = world.versions(key).stream()
                    .filter(pod -> !pod.deleted() && Pods.isReady(pod))
                    .findFirst();
            if (ready.isPresent()) {
                JsonNode since = Pods.condition(ready.get(), "Ready").path("lastTransitionTime");
                long at = Version.time(since.asText(""), ready.get().at());
                usual = Math.max(usual, at - ready.get().created());
                continue;
            }
            boolean fails = PodTroubles.of(world, key).stream()
                    .anyMatch(each -> each.lasts() && each.what() != What.READINESS_FAILED);
            if (fails) {
                return false;
            }
            oldest = Math.max(
                    oldest,
                    world.at(key, world.to())
                            .map(pod -> world.to() - pod.created())
                            .orElse(0L));
        }
        return oldest <= 2 * usual;
    }

    private static void judge(List<Change> changes, boolean begins, Trouble trouble, List<Link> links) {
        Change told = null;
        List<Change> rollout = new ArrayList<>();
        for (Change change : changes) {
            boolean isNew = change.operation() != Change.Operation.CHANGED;
            if (isNew || !Rule.precedes(change.at(), trouble)) {
                continue;
            }
            if (change.path().startsWith("spec.strategy") && (told == null || change.at() != told.at())) {
                told = keeps(change.before()) && !keeps(change.after()) ? change : keeps(change.after()) ? null : told;
                // What was changed together with it is rolled out so.
                rollout.removeIf(each -> each.at() < change.at());
            } else if (change.path().startsWith("spec.template.")) {
                rollout.add(change);
            }
        }
        if (told != null && !rollout.isEmpty()) {
            boolean isHarmless = begins
                    && trouble.from() - rollout.getLast().at() < AT_ONCE
                    && rollout.stream().allMatch(each -> each.path().startsWith("spec.template.metadata"));
            links.add(Link.to(
                            told,
                            isHarmless ? Tier.A : Tier.B,
                            isHarmless ? 0.97 : 0.6,
                            "all pods go before others are ready, since it is rolled out so")
                    .with(List.of(rollout.getLast())));
        }
    }

    /** Whether some pod stays ready during a rollout. */
    private static boolean keeps(Version deployment) {
        JsonNode strategy = deployment.get("spec", "strategy");
        int replicas = deployment.get("spec", "replicas").asInt(1);
        int unavailable = amount(strategy.path("rollingUpdate").path("maxUnavailable"), replicas);
        // One of the two has to be possible.
        int missing = unavailable == 0 && !surges(strategy) ? 1 : unavailable;
        return !strategy.path("type").asText().equals("Recreate") && missing < replicas;
    }

    /** Whether during a rollout no pod goes before another one is ready in its place. */
    static boolean isKept(Version workload) {
        if (workload.key().type().equals(Types.DAEMON_SETS)) {
            JsonNode surge = workload.get("spec", "updateStrategy", "rollingUpdate", "maxSurge");
            return !surge.asText("0").matches("0%?");
        }
        JsonNode strategy = workload.get("spec", "strategy");
        int replicas = workload.get("spec", "replicas").asInt(1);
        return !strategy.path("type").asText().equals("Recreate")
                && amount(strategy.path("rollingUpdate").path("maxUnavailable"), replicas) == 0
                && surges(strategy);
    }

    private static boolean surges(JsonNode strategy) {
        return !strategy.path("rollingUpdate").path("maxSurge").asText("25%").matches("0%?");
    }

    private static int amount(JsonNode value, int replicas) {
        String text = value.asText("25%");
        return text.endsWith("%")
                ? replicas * Integer.parseInt(text.substring(0, text.length() - 1)) / 100
                : value.asInt();
    }
}
