/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.kube.Quantities;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A quota that is used up. */
final class Quota extends PlainRule {

    private static final Pattern EXCEEDED =
            Pattern.compile("exceeded quota: ([a-z0-9.-]+), requested: (\\S+), used: (\\S+), limited: (\\S+)");
    private static final Pattern LACKING = Pattern.compile("failed quota: ([a-z0-9.-]+): must specify ([^\\n]+)");

    Quota() {
        super(
                "quota",
                "A pod, or a Job, was refused because of a ResourceQuota. Proved if it fits what the quota allowed before, and not what it"
                        + " allows since, or what it asked for by default before a LimitRange was changed, or would fit without what"
                        + " another workload was enlarged by, or did not count before its deadline or class was changed, or without the"
                        + " finished Jobs that a CronJob keeps since its history was made longer, or if all pods were there that were"
                        + " wanted before there were to be more; otherwise the workload that asks for more is named.",
                Set.of(What.CREATE_REFUSED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Matcher exceeded = EXCEEDED.matcher(trouble.text());
        Matcher lacking = LACKING.matcher(trouble.text());
        String namespace = trouble.about().key().namespace();
        if (exceeded.find()) {
            ofQuota(world, namespace, exceeded.group(1), trouble, exceeded, links);
            ofDemand(world, trouble, links);
            ofSurge(world, trouble, exceeded, links);
            ofDefaultPriority(world, trouble, exceeded.group(1), links);
            QuotaScopes.ofTemplates(world, trouble, exceeded.group(1), links);
            // What others took before the quota was lowered was within it.
            long lowered = links.stream()
                    .filter(link -> link.tier() == Tier.A && link.change() != null)
                    .filter(link -> link.change().key().type().equals(Types.QUOTAS))
                    .mapToLong(link -> link.change().at())
                    .max()
                    .orElse(Long.MIN_VALUE);
            String requested = exceeded.group(2);
            JsonNode quota = world.at(new ObjectKey(Types.QUOTAS, namespace, exceeded.group(1)), trouble.from())
                    .map(each -> each.get("spec"))
                    .orElse(MissingNode.getInstance());
            QuotaUse.ofOthers(world, trouble, quota, lowered, requested, exceeded.group(3), exceeded.group(4), links);
            QuotaDefaults.ofRanges(world, trouble, requested, exceeded.group(3), exceeded.group(4), links);
            KeptJobs.ofHistories(world, trouble, lowered, requested, exceeded.group(3), exceeded.group(4), links);
        } else if (lacking.find()) {
            ofQuota(world, namespace, lacking.group(1), trouble, lacking, links);
        }
        return links;
    }

    private static void ofQuota(
            World world, String namespace, String name, Trouble trouble, Matcher amounts, List<Link> links) {
        for (Change change : world.changes(new ObjectKey(Types.QUOTAS, namespace, name))) {
            if (!Rule.precedes(change.at(), trouble) || change.operation() == Change.Operation.DELETED) {
                continue;
            }
            boolean isNew = change.operation() == Change.Operation.CREATED;
            if (isNew && Templates.wasMadeWith(world, change, trouble)) {
                continue;
            }
            if (isNew || change.path().startsWith("spec.hard")) {
                boolean isMeant = isNew || isOf(change, amounts);
                boolean allowed = isNew || allows(change.before(), amounts);
                boolean proved = isMeant && allowed && !allows(change.after(), amounts);
                Change hard = isNew ? change.at("spec.hard", change.after().get("spec", "hard")) : change;
                links.add(Link.to(
                        hard,
                        proved ? Tier.A : Tier.B,
                        proved ? 1 : isMeant ? 0.7 : 0.3,
                        "the quota allows less than the namespace uses and asks for"));
            }
        }
    }

    /** Whether a message speaks of the resource whose amount was changed. */
    private static boolean isOf(Change change, Matcher message) {
        String resource = change.path().substring("spec.hard".length()).replaceAll("^[.\\[\"]+|[\"\\]]+$", "");
        return resource.isEmpty() || message.group(2).matches("(^|.*[,; ])" + Pattern.quote(resource) + "\\b.*");
    }

    private static boolean allows(Version quota, Matcher message) {
        return message.pattern().equals(EXCEEDED) ? fits(quota, message) : !limits(quota, message.group(2));
    }

    /** Whether a quota counts any of the resources that a pod does not speak of: {@code limits.cpu for: web; limits.memory for: web}. */
    private static boolean limits(Version quota, String lacking) {
        for (String each : lacking.split("[,;]")) {
            if (quota.get("spec", "hard").has(each.strip().replaceFirst(" for:.*", ""))) {
                return true;
            }
        }
        return false;
    }

    /** Whether what was asked for beside what is used is within a quota. */
    private static boolean fits(Version quota, Matcher amounts) {
        for (String each : amounts.group(2).split(",")) {
            int equals = each.indexOf('=');
            String resource = equals < 0 ? each : each.substring(0, equals);
            JsonNode hard = quota.get("spec", "hard", resource);
            double sum = amount(each) + used(amounts.group(3), resource);
            if (sum > Quantities.of(hard, Double.POSITIVE_INFINITY) * 1.000001) {
                return false;
            }
        }
        return true;
    }

    static double used(String list, String resource) {
        for (String each : list.split(",")) {
            if (each.startsWith(resource + "=")) {
                return amount(each);
            }
        }
        return 0;
    }

    private static double amount(String pair) {
        return Quantities.of(pair.substring(pair.indexOf('=') + 1));
    }

    private static void ofDemand(World world, Trouble trouble, List<Link> links) {
        Version maker = Templates.maker(world, trouble.about());
        // Where the quota was lowered, it would have had room for more.
        boolean isLowered = links.stream().anyMatch(link -> link.tier() == Tier.A);
        for (Change change : world.changes(maker.key())) {
            boolean more = change.path().equals("spec.replicas")
                    && change.now() != null
                    && change.old() != null
                    && change.now().asInt() > change.old().asInt();
            boolean asks = more || change.path().contains(".resources");
            if (asks && Rule.precedes(change.at(), trouble)) {
                boolean proved = more && !isLowered && hadAll(world, trouble.about(), change);
                links.add(Link.to(
                        change,
                        proved ? Tier.A : Tier.B,
                        proved ? 0.85 : 0.6,
                        "the workload asks for more than the quota leaves"));
            }
        }
    }

    /**
     * Whether what makes the pods is older than a change of their number, has as many as were wanted before it, and never had all
     * since.
     */
    private static boolean hadAll(World world, Version maker, Change change) {
        boolean reached = world.versions(maker.key()).stream()
                .anyMatch(each -> !each.deleted()
                        && each.at() >= change.at()
                        && each.get("status", "replicas").asInt()
                                >= change.now().asInt());
        return !reached
                && maker.created() < change.at()
                && maker.get("status", "replicas").asInt() >= change.old().asInt()
                && change.old().asInt() > 0;
    }

    /** A rollout that makes a pod before one goes needs room for both. */
    private static void ofSurge(World world, Trouble trouble, Matcher amounts, List<Link> links) {
        Version maker = Templates.maker(world, trouble.about());
        boolean isDeployment = maker.key().type().equals(Types.DEPLOYMENTS);
        for (Change change : isDeployment ? world.changes(maker.key()) : List.<Change>of()) {
            boolean isTold = change.operation() == Change.Operation.CHANGED
                    && change.path().startsWith("spec.strategy")
                    && Rule.precedes(change.at(), trouble)
                    && trouble.about().created() >= change.at() - SLACK
                    && !RolloutGap.isKept(change.before())
                    && Fields.stands(world, change, trouble.from(), RolloutGap::isKept);
            if (isTold) {
                // What asks for more than before may not have fitted anyway.
                boolean asksAlike = world.changes(maker.key()).stream()
                        .filter(each -> each.at() >= change.at() && Rule.precedes(each.at(), trouble))
                        .noneMatch(each -> each.path().contains(".resources"));
                boolean isProved = asksAlike
                        && hasRoomForOne(amounts)
                        && !Templates.gotReady(world, maker, change.at(), trouble.from());
                links.add(Link.to(
                        change,
                        isProved ? Tier.A : Tier.B,
                        isProved ? 0.95 : 0.6,
                        "the next pod is made before one goes, and the quota has no room for both"));
            }
        }
    }

    /** Whether a pod would fit in the place of another one like it: what is used is within the quota. */
    private static boolean hasRoomForOne(Matcher amounts) {
        return Stream.of(amounts.group(2).split(","))
                .map(each -> each.replaceFirst("=.*", ""))
                .allMatch(resource -> used(amounts.group(3), resource) <= used(amounts.group(4), resource));
    }

    /** A class that became everybody's counts pods to a quota of that class. */
    private static void ofDefaultPriority(World world, Trouble trouble, String quota, List<Link> links) {
        ObjectKey key = new ObjectKey(Types.QUOTAS, trouble.about().key().namespace(), quota);
        String scope = world.at(key, trouble.from())
                .map(each -> each.get("spec", "scopeSelector").toString())
                .orElse("");
        boolean namesNone = !Pods.template(trouble.about().body()).path("spec").has("priorityClassName");
        for (Change change : namesNone && scope.contains("PriorityClass")
                ? world.changes(Types.PRIORITIES, "")
                : List.<Change>of()) {
            boolean isDefault = change.operation() != Change.Operation.DELETED
                    && change.after().get("globalDefault").asBoolean()
                    && (change.before() == null
                            || !change.before().get("globalDefault").asBoolean());
            boolean isInput = change.operation() == Change.Operation.CREATED
                    || change.path().equals("globalDefault");
            if (isDefault
                    && isInput
                    && Rule.precedes(change.at(), trouble)
                    && scope.contains('"' + change.key().name() + '"')) {
                links.add(Link.to(change, Tier.A, 1, "pods that name no class are of this one since, and count"));
            }
        }
    }
}
