/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.near;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Change.Operation;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.rule.Fitting;
import dev.traversion.analysis.why.rule.Rule;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.analysis.why.trouble.WorkloadTroubles;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How likely a change caused troubles to which no rule leads from it: by how far it is from them, what they say, how long before
 * them it was, and whether what is in trouble was well with it. The weights were fitted to the scenarios, each with the rule left out
 * that explains it.
 */
final class Suspicion {

    private static final double SECOND = 1e9;

    /** Of so many seconds each further doubling of the time between a change and the trouble counts against it. */
    private static final double SOON = 5;

    /** What came so soon after what is in trouble came with it, ns. */
    private static final long TOGETHER = 3_000_000_000L;

    /** What says which objects may be made, and how: it is about all of a namespace or cluster. */
    private static final Set<ResourceType> ADMISSION = Set.of(
            Types.QUOTAS,
            Types.LIMIT_RANGES,
            Types.NAMESPACES,
            Types.MUTATING,
            Types.VALIDATING,
            Types.ADMISSION_POLICIES,
            Types.ADMISSION_BINDINGS,
            Types.MUTATING_POLICIES,
            Types.MUTATING_BINDINGS);

    /** What pods that are made get from elsewhere than their template. */
    private static final Set<ResourceType> DEFAULTS = Set.of(
            Types.LIMIT_RANGES, Types.MUTATING, Types.MUTATING_POLICIES, Types.MUTATING_BINDINGS, Types.PRIORITIES);

    private static final Set<ResourceType> PLACES =
            Set.of(Types.NODES, Types.CLASSES, Types.VOLUMES, Types.CLAIMS, Types.PRIORITIES, Types.RUNTIMES);

    private static final Set<What> NO_PLACE =
            Set.of(What.UNSCHEDULABLE, What.CLAIM_PENDING, What.FITS_NO_NODE, What.PREEMPTED, What.TAINT_EVICTED);

    /** What nodes do to pods, besides giving them a place. */
    private static final Set<What> OF_NODE = Set.of(
            What.NODE_NOT_READY, What.NODE_PRESSURE, What.NODE_LOST, What.EVICTED, What.START_FAILED, What.HELD_BACK);

    /** How Kubernetes says that others have what there was. */
    private static final Pattern ROOM = Pattern.compile(
            "Insufficient|[Tt]oo many pods|free ports|exceeded quota|anti-affinity|[Pp]reempt(?!ion)|volume node affinity|in use");

    /** Fields on which nothing depends that runs. */
    private static final Pattern INERT =
            Pattern.compile("spec\\.revisionHistoryLimit|spec\\.(successful|failed)JobsHistoryLimit");

    private static final Pattern NOTE = Pattern.compile(
            "(spec\\.(jobTemplate\\.)?(spec\\.)?template\\.)?metadata\\.annotations.*|metadata\\.(labels|deletion).*");

    /** What Kubernetes itself goes by. */
    private static final Pattern MEANT =
            Pattern.compile("(?<!kubectl\\.)(kubernetes|k8s)\\.io/(?!change-cause|description)");

    /** Those that others select by their labels. */
    private static final Set<ResourceType> SELECTED = Set.of(Types.PODS, Types.NODES, Types.NAMESPACES, Types.VOLUMES);

    private static final Pattern SMALL = Pattern.compile("\\d{1,3}");

    private final World world;
    private final List<Trouble> troubles;
    private final Map<ObjectKey, Integer> steps;
    private final List<Version> roots;
    private final long start;

    /** @param steps from what is in trouble, as {@link Ties} counts */
    Suspicion(World world, List<Trouble> troubles, Map<ObjectKey, Integer> steps) {
        this.world = world;
        this.troubles = troubles;
        this.steps = steps;
        this.roots = troubles.stream()
                .map(trouble -> world.root(trouble.about()))
                .distinct()
                .toList();
        this.start = troubles.stream().mapToLong(Trouble::from).min().orElse(world.to());
    }

    /** The higher, the likelier. */
    double of(Change change) {
        double seconds = Math.max(0, (start - change.at()) / SECOND);
        double score = near(change) + said(change) - 0.25 * Math.log(1 + seconds / SOON) / Math.log(2);
        if (isInert(change)) {
            score -= 4;
        }
        boolean isMade = change.operation() == Operation.CREATED;
        if (isMade && (isOld(change) || world.controller(change.after()).isPresent())) {
            score -= wasWellSince(0) ? 5 : 3;
        }
        if (wasWellSince(change.at())) {
            score -= 1.5;
        }
        if (change.key().type().equals(Types.PODS)) {
            // To make a pod anew brings to light what was changed before.
            boolean isOther =
                    change.path().startsWith("metadata.labels") || change.path().startsWith("spec");
            score -= isOther ? 1 : 3;
        }
        return score;
    }

    private static boolean isInert(Change change) {
        String path = change.path();
        if (!NOTE.matcher(path).matches()) {
            return INERT.matcher(path).matches();
        }
        boolean isLabel = path.startsWith("metadata.labels")
                && SELECTED.contains(change.key().type());
        return !isLabel && !MEANT.matcher(path + change.old() + change.now()).find();
    }

    private double near(Change change) {
        ResourceType type = change.key().type();
        int far = steps.getOrDefault(change.key(), Ties.FARTHEST + 1);
        double near = 3 - 0.7 * far;
        if (ADMISSION.contains(type) && is(Set.of(What.CREATE_REFUSED))) {
            return Math.max(near, 3);
        }
        if (PLACES.contains(type) && is(NO_PLACE)) {
            return Math.max(near, 2.4);
        }
        if (DEFAULTS.contains(type)) {
            return Math.max(near, 1.2);
        }
        if (type.equals(Types.NODES) && !is(OF_NODE)) {
            return Math.min(near, 0);
        }
        if (takesRoom(change)
                && troubles.stream()
                        .anyMatch(trouble -> ROOM.matcher(trouble.text()).find())) {
            return Math.max(near, 1.2);
        }
        return near;
    }

    /** Whether there are more pods since. */
    private static boolean takesRoom(Change change) {
        boolean isMade = change.operation() == Operation.CREATED
                && !Pods.template(change.after().body()).isMissingNode();
        return isMade || change.scalesUp();
    }

    private boolean is(Set<What> whats) {
        return troubles.stream().anyMatch(trouble -> whats.contains(trouble.what()));
    }

    /** Whether what is said of a trouble names what was changed, or is of its kind. */
    private double said(Change change) {
        boolean isOwn = steps.getOrDefault(change.key(), 1) == 0;
        double most = 0;
        for (Trouble trouble : troubles) {
            String text = trouble.text();
            double score = !isOwn && Rule.names(text, change.key().name()) ? 1.5 : 0;
            score += !change.path().isEmpty() && Rule.names(text, last(change.path())) ? 0.8 : 0;
            score += names(text, change.now()) || names(text, change.old()) ? 1 : 0;
            score += Fitting.of(trouble, change) ? 0.5 : 0;
            score += Fitting.brings(text, change) ? 0.5 : 0;
            score += Fitting.takes(text, change) ? 0.5 : 0;
            score += !isOwn && Fitting.isAskedFor(trouble, change) ? 1 : 0;
            score += Complaints.fits(trouble, change) ? 0.8 : 0;
            score += 0.8 * Math.min(2, Complaints.match(trouble, change));
            most = Math.max(most, score);
        }
        return most;
    }

    /** A small number may stand for anything. */
    private static boolean names(String text, JsonNode value) {
        return value != null
                && value.isValueNode()
                && !SMALL.matcher(value.asText()).matches()
                && Rule.names(text, value.asText());
    }

    private static String last(String path) {
        return path.replaceFirst("^.*[.\\[\"=]([^.\\[\\]\"=]+)[\\]\"]*$", "$1");
    }

    /** Whether it came with what is in trouble, or before it. */
    private boolean isOld(Change change) {
        return roots.stream().anyMatch(root -> change.at() <= root.created() + TOGETHER);
    }

    /** Whether a pod of what is in trouble was made since a moment, and was ready before the trouble. */
    private boolean wasWellSince(long since) {
        return roots.stream()
                .flatMap(root -> ready(root).stream())
                .anyMatch(ready -> ready.made() >= since && ready.at() < start - SOON * SECOND);
    }

    /** When a pod was made, and when it was ready first, ns. */
    private record Ready(long made, long at) {}

    private List<Ready> ready(Version root) {
        return world.remember("first ready", root.key(), () -> {
            List<Ready> found = new ArrayList<>();
            for (ObjectKey key : WorkloadTroubles.family(world, root)) {
                if (key.type().equals(Types.PODS)) {
                    List<Version> pods = world.versions(key);
                    pods.stream()
                            .filter(pod -> !pod.deleted() && Pods.isReady(pod))
                            .findFirst()
                            .ifPresent(
                                    pod -> found.add(new Ready(pods.getFirst().at(), pod.at())));
                }
            }
            return found;
        });
    }
}
