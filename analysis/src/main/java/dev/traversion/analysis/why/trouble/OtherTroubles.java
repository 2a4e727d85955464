/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.trouble;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.kube.Selectors;
import dev.traversion.analysis.why.past.Evidence;
import dev.traversion.analysis.why.past.Notice;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** What was wrong with nodes, claims, autoscalers, disruption budgets, and whatever else says how it is. */
public final class OtherTroubles {

    private static final List<String> PRESSURES = List.of("DiskPressure", "MemoryPressure", "PIDPressure");

    /** The reason of an autoscaler that stands aside since another one selects its pods; for itself it may have failed before. */
    public static final String AMBIGUOUS = "AmbiguousSelector";

    private OtherTroubles() {}

    public static List<Trouble> of(World world, ObjectKey key) {
        List<Trouble> found = new ArrayList<>();
        Version last = world.last(key).orElse(null);
        if (last == null || last.deleted()) {
            return found;
        }
        if (key.type().equals(Types.NODES)) {
            node(world, key, found);
        } else if (key.type().equals(Types.CLAIMS)) {
            claim(world, last, found);
        } else if (key.type().equals(Types.SCALERS)) {
            scaler(world, last, found);
        } else if (key.type().equals(Types.BUDGETS)) {
            budget(world, last, found);
        } else if (key.type().equals(Types.INGRESSES)) {
            found.addAll(IngressTroubles.of(world, last));
        } else {
            CustomTroubles.of(world, last, found);
        }
        return found;
    }

    private static void node(World world, ObjectKey key, List<Trouble> found) {
        spans(world, key, "Ready", "True", true, What.NODE_NOT_READY, found);
        for (String pressure : PRESSURES) {
            spans(world, key, pressure, "True", false, What.NODE_PRESSURE, found);
        }
    }

    /** Every stretch in which a condition was, or was not, as it is named. */
    static void spans(
            World world, ObjectKey key, String type, String status, boolean good, What what, List<Trouble> found) {
        spans(world, key, version -> Pods.condition(version, type), each -> isAs(each, status) != good, what, found);
    }

    private static boolean isAs(JsonNode condition, String status) {
        return condition.path("status").asText().equals(status);
    }

    /**
     * Every stretch in which a condition was bad.
     *
     * @param of the condition of a version; a missing node if it has none
     */
    static void spans(
            World world,
            ObjectKey key,
            Function<Version, JsonNode> of,
            Predicate<JsonNode> isBad,
            What what,
            List<Trouble> found) {
        Trouble open = null;
        for (Version version : world.versions(key)) {
            JsonNode condition = of.apply(version);
            boolean bad = !condition.isMissingNode() && isBad.test(condition);
            boolean isAmbiguous = condition.path("reason").asText().equals(AMBIGUOUS);
            boolean isOther =
                    bad && open != null && isAmbiguous != open.container().equals(AMBIGUOUS);
            if (isOther) {
                found.add(open.until(version.at()));
                open = null;
            }
            if (bad && open == null) {
                long told = version.told(condition.path("lastTransitionTime").asText(""));
                long from = isOther ? version.at() : told;
                String type = condition.path("type").asText();
                String text = type + " is " + condition.path("status").asText() + " ("
                        + condition.path("reason").asText() + "): "
                        + condition.path("message").asText();
                open = new Trouble(
                        what,
                        version,
                        isAmbiguous ? AMBIGUOUS : type,
                        text,
                        from,
                        Long.MAX_VALUE,
                        List.of(new Evidence(Evidence.Type.CONDITION, version, version.at(), text)));
            } else if (!bad && open != null) {
                found.add(open.until(version.at()));
                open = null;
            }
        }
        if (open != null) {
            found.add(open);
        }
    }

    private static void claim(World world, Version claim, List<Trouble> found) {
        String phase = claim.get("status", "phase").asText();
        if (phase.equals("Lost")) {
            String text = "the claim has lost its volume "
                    + claim.get("spec", "volumeName").asText();
            List<Evidence> evidence = List.of(Evidence.version(claim, text));
            found.add(new Trouble(What.CLAIM_PENDING, claim, "", text, claim.at(), Long.MAX_VALUE, evidence));
        }
        if (!phase.equals("Pending")) {
            return;
        }
        String text = "the claim is Pending";
        List<Evidence> evidence = new ArrayList<>(List.of(Evidence.version(claim, text)));
        boolean waits = false;
        for (Notice notice : world.notices(claim.key(), "PersistentVolumeClaim")) {
            waits |= notice.reason().equals("WaitForFirstConsumer");
            if (notice.warning()) {
                text = notice.text();
                evidence.add(notice.evidence());
            }
        }
        boolean isFailing = evidence.size() > 1;
        if (isFailing || !waits) {
            found.add(new Trouble(What.CLAIM_PENDING, claim, "", text, claim.created(), Long.MAX_VALUE, evidence));
        }
    }

    /** The pods for which a claim waits, and that no node takes for another reason. */
    public static List<Trouble> ofConsumers(World world, Version claim) {
        List<Trouble> found = new ArrayList<>();
        boolean waits = claim.get("status", "phase").asText().equals("Pending")
                && world.notices(claim.key(), "PersistentVolumeClaim").stream()
                        .anyMatch(notice -> notice.reason().equals("WaitForPodScheduled")
                                || notice.reason().equals("WaitForFirstConsumer"));
        for (ObjectKey key : waits ? world.keys(Types.PODS, claim.key().namespace()) : List.<ObjectKey>of()) {
            Version pod = world.at(key, world.to()).orElse(null);
            if (pod != null && asksFor(pod, claim.key().name())) {
                PodTroubles.of(world, key).stream()
                        .filter(each -> each.what() == What.UNSCHEDULABLE && each.lasts())
                        .forEach(found::add);
            }
        }
        return found;
    }

    private static boolean asksFor(Version pod, String claim) {
        for (JsonNode volume : pod.get("spec", "volumes")) {
            if (volume.path("persistentVolumeClaim").path("claimName").asText().equals(claim)) {
                return true;
            }
        }
        return false;
    }

    private static void scaler(World world, Version scaler, List<Trouble> found) {
        for (Map.Entry<String, What> each : Map.of(
                        "ScalingActive", What.SCALING_FAILED, "AbleToScale", What.SCALING_FAILED)
                .entrySet()) {
            spans(world, scaler.key(), each.getKey(), "True", true, each.getValue(), found);
        }
        JsonNode limited = Pods.condition(scaler, "ScalingLimited");
        if (limited.path("reason").asText().equals("TooManyReplicas")) {
            spans(world, scaler.key(), "ScalingLimited", "True", false, What.SCALING_LIMITED, found);
        }
    }

    private static void budget(World world, Version budget, List<Trouble> found) {
        Trouble open = null;
        for (Version version : world.versions(budget.key())) {
            JsonNode status = version.get("status");
            boolean blocks = status.path("disruptionsAllowed").asInt(1) == 0
                    && status.path("expectedPods").asInt() > 0;
            if (blocks && open == null) {
                String text = "no pod may be evicted: "
                        + status.path("currentHealthy").asInt() + " healthy, "
                        + status.path("desiredHealthy").asInt() + " must stay";
                open = new Trouble(
                        What.DISRUPTION_BLOCKED,
                        version,
                        "",
                        text,
                        version.at(),
                        Long.MAX_VALUE,
                        List.of(Evidence.version(version, text)));
            } else if (!blocks) {
                open = null;
            }
        }
        if (open != null) {
            found.add(open);
        }
        protectsNobody(world, budget, found);
    }

    /** A budget that meant pods which are still there, and means none since. */
    private static void protectsNobody(World world, Version budget, List<Trouble> found) {
        Version since = null;
        Version before = null;
        for (Version version : world.versions(budget.key())) {
            boolean isCurrent = version.get("status", "observedGeneration").asLong()
                    >= version.get("metadata", "generation").asLong();
            boolean means = version.get("status", "expectedPods").asInt(1) > 0;
            before = isCurrent && means ? version : before;
            since = means || version.deleted() ? null : since == null && isCurrent ? version : since;
        }
        if (since != null && before != null && isLeft(world, before)) {
            String text = "it selects no pod, and those that it selected before are still there";
            List<Evidence> evidence = List.of(Evidence.version(since, text));
            found.add(new Trouble(What.PROTECTS_NOBODY, since, "", text, since.at(), Long.MAX_VALUE, evidence));
        }
    }

    /** Whether pods that a budget selected then are there in the end, or others of the same workloads, whatever labels they have. */
    private static boolean isLeft(World world, Version budget) {
        Set<ObjectKey> protectedThen = new LinkedHashSet<>();
        for (Version pod : world.list(Types.PODS, budget.key().namespace(), budget.at())) {
            if (Selectors.matches(budget.get("spec", "selector"), Pods.labels(pod))) {
                protectedThen.add(world.root(pod).key());
            }
        }
        return world.list(Types.PODS, budget.key().namespace(), world.to()).stream()
                .filter(pod -> !pod.get("metadata").has("deletionTimestamp"))
                .anyMatch(pod -> protectedThen.contains(world.root(pod).key()));
    }
}
