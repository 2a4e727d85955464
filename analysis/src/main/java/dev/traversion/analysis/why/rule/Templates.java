/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.analysis.diff.FieldDiff;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.JobTroubles;
import dev.traversion.analysis.why.trouble.PodTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.analysis.why.trouble.Troubles;
import dev.traversion.analysis.why.trouble.WorkloadTroubles;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What changed of the template that a pod was made of, before it was made. */
final class Templates {

    /** What a pod got through for so long did not harm it, ns. */
    private static final long TRIAL = 20_000_000_000L;

    /** What one pod takes away from the next. */
    private static final Pattern TAKEN =
            Pattern.compile("\\b(ports|hostNetwork|resources|podAntiAffinity|topologySpreadConstraints)\\b");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern CONTAINER =
            Pattern.compile("spec\\.(?:initC|c)ontainers\\[name=([^\\]]*)\\]\\.?(.*)", Pattern.DOTALL);

    /**
     * A field of a template that changed.
     *
     * @param container {@code ""} if it is the whole pod's
     * @param tail the path inside of the container, or of the pod's spec
     */
    record Field(Change change, String container, String tail) {

        boolean isOf(Trouble trouble) {
            return container.equals(trouble.container());
        }

        boolean starts(String... prefixes) {
            for (String prefix : prefixes) {
                if (tail.equals(prefix) || tail.startsWith(prefix + ".") || tail.startsWith(prefix + "[")) {
                    return true;
                }
            }
            return false;
        }
    }

    private Templates() {}

    /** The workload above an object; the object itself if there is none. */
    static Version maker(World world, Version object) {
        return world.root(object);
    }

    /** The changes that a failing object was made with, as long as no healthy one was made with them, too. */
    static List<Field> of(World world, Trouble trouble) {
        Version maker = maker(world, trouble.about());
        String prefix = prefix(maker.body());
        boolean isAlone = maker.key().equals(trouble.about().key());
        List<Field> found = new ArrayList<>();
        for (Change change : world.changes(maker.key())) {
            boolean isInput = isAlone || change.at() <= trouble.about().created() + Rule.SLACK;
            if (!Rule.precedes(change.at(), trouble) || !isInput) {
                continue;
            }
            if (change.operation() == Change.Operation.CREATED) {
                if (!worked(world, maker, trouble)) {
                    created(change, prefix, found);
                }
            } else if (change.path().startsWith(prefix)
                    && !isOrderOfVariables(change)
                    && !isContradicted(world, maker, change, trouble)) {
                found.add(field(change, change.path().substring(prefix.length())));
            }
        }
        if (!isAlone && trouble.about().key().type().equals(Types.PODS)) {
            inPlace(world, trouble, found);
        }
        return found;
    }

    /** What has a rule of its own, and means nothing if that one finds nothing. */
    private static boolean isOrderOfVariables(Change change) {
        return change.path().endsWith(".env") && change.old() != null && change.now() != null;
    }

    /** What was changed of the containers of a pod itself, while it ran: the API server admits no more than this. */
    private static void inPlace(World world, Trouble trouble, List<Field> found) {
        for (Change change : world.changes(trouble.about().key())) {
            boolean isBefore = change.operation() == Change.Operation.CHANGED
                    && Rule.precedes(change.at(), trouble)
                    && CONTAINER.matcher(change.path()).matches();
            if (isBefore) {
                Field field = field(change, change.path());
                if (field.starts("resources", "image")) {
                    found.add(field);
                }
            }
        }
    }

    /** Whether any pod was ready, or came to its end, before the trouble: then how it all was created is not the cause. */
    private static boolean worked(World world, Version maker, Trouble trouble) {
        return ready(world, maker).values().stream()
                        .anyMatch(ready -> ready.first().at() < trouble.from())
                || JobTroubles.doneBefore(world, maker, trouble.from());
    }

    /** Whether pods of the workload were made after something had been created, and before the trouble: then this is not the cause. */
    static boolean wasMadeWith(World world, Change created, Trouble trouble) {
        return WorkloadTroubles.family(world, maker(world, trouble.about())).stream()
                .filter(key -> key.type().equals(Types.PODS)
                        && !key.equals(trouble.about().key()))
                .map(key -> world.versions(key).getFirst().created())
                .anyMatch(pod -> pod >= created.after().created() && pod < trouble.from());
    }

    /** How many fields were changed together, if pods of an earlier revision stood and none of the failing one; 0 if not so. */
    static int alternatives(World world, Trouble trouble) {
        Version maker = maker(world, trouble.about());
        String failing = revision(trouble.about());
        boolean isPod = trouble.about().key().type().equals(Types.PODS);
        boolean wasWell = false;
        for (Map.Entry<String, Ready> of :
                isPod ? ready(world, maker).entrySet() : Set.<Map.Entry<String, Ready>>of()) {
            Version pod = of.getValue().youngest();
            boolean stood = hasStood(world, pod, trouble);
            if (stood && of.getKey().equals(failing)) {
                return 0;
            }
            wasWell |= stood && pod.created() <= trouble.about().created();
        }
        return !wasWell
                ? 0
                : (int) of(world, trouble).stream()
                        .filter(field -> field.change().operation() == Change.Operation.CHANGED)
                        .filter(field -> !field.tail().startsWith("metadata"))
                        .count();
    }

    /**
     * What of a revision got ready.
     *
     * @param first ready version of any pod
     * @param youngest a ready version of the pod that was made last
     */
    private record Ready(Version first, Version youngest) {

        Ready and(Version other) {
            return new Ready(
                    other.at() < first.at() ? other : first, other.created() > youngest.created() ? other : youngest);
        }
    }

    /** By revision: pods of one were made of the same template. */
    private static Map<String, Ready> ready(World world, Version maker) {
        return world.remember("ready", maker.key(), () -> {
            Map<String, Ready> found = new HashMap<>();
            for (ObjectKey key : WorkloadTroubles.family(world, maker)) {
                if (key.type().equals(Types.PODS)) {
                    world.versions(key).stream()
                            .filter(pod -> !pod.deleted() && Pods.isReady(pod))
                            .findFirst()
                            .ifPresent(
                                    pod -> found.merge(revision(pod), new Ready(pod, pod), (one, _) -> one.and(pod)));
                }
            }
            return found;
        });
    }

    /** The spec in the template of a workload at a moment; a missing node if it was not recorded. */
    static JsonNode spec(World world, Version maker, long time) {
        return world.at(maker.key(), time)
                .map(version -> Pods.template(version.body()).path("spec"))
                .orElse(MissingNode.getInstance());
    }

    /** Whether two pods of a workload were made of the same spec. */
    static boolean areAlike(World world, Version pod, Version other) {
        Version maker = maker(world, pod);
        JsonNode spec = spec(world, maker, pod.created() + Rule.SLACK / 2);
        return !spec.isMissingNode() && spec.equals(spec(world, maker, other.created() + Rule.SLACK / 2));
    }

    /** Whether pods of the same spec as a pod's were made before a moment and got ready, and none that was made since did. */
    static boolean failsSince(World world, Version pod, long moment) {
        boolean wasWell = false;
        for (Ready ready : ready(world, maker(world, pod)).values()) {
            if (ready.youngest().created() + Rule.SLACK / 2 > moment) {
                return false;
            }
            wasWell |= areAlike(world, pod, ready.first());
        }
        return wasWell;
    }

    /** Whether a pod that was made since a moment was ready for a while before the trouble. */
    static boolean wasWellSince(World world, Trouble trouble, long moment) {
        return ready(world, maker(world, trouble.about())).values().stream()
                .map(Ready::youngest)
                .anyMatch(pod -> pod.created() >= moment - Rule.SLACK / 2 && pod.at() + TRIAL < trouble.from());
    }

    /** Whether a pod of a workload that was made since a moment got ready until another one. */
    static boolean gotReady(World world, Version maker, long since, long until) {
        return ready(world, maker).values().stream()
                .map(Ready::youngest)
                .anyMatch(pod -> pod.created() >= since - Rule.SLACK / 2 && pod.at() <= until);
    }

    /** Whether what a failing pod is made of, but for its labels and annotations, was changed before it was made. */
    static boolean wasChanged(World world, Trouble trouble) {
        return of(world, trouble).stream()
                .anyMatch(field -> field.change().operation() == Change.Operation.CHANGED
                        && !field.tail().startsWith("metadata"));
    }

    static String prefix(JsonNode maker) {
        if (maker.path("spec").has("jobTemplate")) {
            return "spec.jobTemplate.spec.template.";
        }
        return maker.path("spec").has("template") ? "spec.template." : "";
    }

    private static Field field(Change change, String path) {
        Matcher matcher = CONTAINER.matcher(path);
        if (matcher.matches()) {
            return new Field(change, matcher.group(1), matcher.group(2));
        }
        return new Field(change, "", path.startsWith("spec.") ? path.substring(5) : path);
    }

    /** All that an object was created with, as if each had been set then. */
    private static void created(Change change, String prefix, List<Field> found) {
        JsonNode template = Pods.template(change.after().body());
        ObjectNode bare = JSON.createObjectNode();
        ObjectNode spec = bare.putObject("spec");
        for (String list : List.of("containers", "initContainers")) {
            if (template.path("spec").has(list)) {
                ArrayNode containers = spec.putArray(list);
                template.path("spec")
                        .path(list)
                        .forEach(each -> containers.addObject().set("name", each.path("name")));
            }
        }
        ObjectNode whole = JSON.createObjectNode();
        whole.set("spec", template.path("spec"));
        FieldDiff.between(bare, whole).fields().forEach(each -> {
            String path = each.path().toString();
            found.add(field(change.at(prefix + path, each.after()), path));
        });
    }

    /** Whether a pod lived for as long as the failing one took to fail, or for long enough anyway, and did not fail so. */
    private static boolean hasStood(World world, Version pod, Trouble trouble) {
        long end = world.to();
        for (Version version : world.versions(pod.key())) {
            boolean leaves = version.deleted() || version.get("metadata").has("deletionTimestamp");
            end = leaves ? Math.min(end, version.at()) : end;
        }
        long took = trouble.from() - trouble.about().created();
        boolean failed = PodTroubles.of(world, pod.key()).stream()
                .filter(each -> !Troubles.isHiccup(each))
                .anyMatch(each -> each.sameness().equals(trouble.sameness()));
        return !failed && end - pod.created() >= Math.min(took, TRIAL);
    }

    /**
     * A pod of another revision that was made with the change, too, and got ready without the trouble. That such a one
     * has a place says nothing where another finds none, unless the change is about which nodes they may be on.
     */
    private static boolean isContradicted(World world, Version maker, Change change, Trouble trouble) {
        boolean isPlace = trouble.what() == What.UNSCHEDULABLE
                && TAKEN.matcher(change.path() + change.now()).find();
        if (!trouble.about().key().type().equals(Types.PODS) || isPlace) {
            return false;
        }
        String failing = revision(trouble.about());
        for (Map.Entry<String, Ready> of : ready(world, maker).entrySet()) {
            Version pod = of.getValue().youngest();
            if (!of.getKey().equals(failing)
                    && pod.created() >= change.at() - Rule.SLACK / 2
                    && hasStood(world, pod, trouble)
                    && holds(pod, change, prefix(maker.body()))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a pod was made with the value a change brought. */
    private static boolean holds(Version pod, Change change, String prefix) {
        JsonNode before = Pods.template(change.before().body());
        JsonNode after = Pods.template(change.after().body());
        JsonNode inPod = Fields.value(pod.body(), change.path().substring(prefix.length()));
        JsonNode then = Fields.value(after, change.path().substring(prefix.length()));
        JsonNode earlier = Fields.value(before, change.path().substring(prefix.length()));
        return inPod.equals(then) && !inPod.equals(earlier);
    }

    /** What tells pods of one template from those of another; {@code ""} if nothing does. */
    static String revision(Version pod) {
        JsonNode labels = Pods.labels(pod);
        String hash = labels.path("pod-template-hash").asText("");
        return hash.isEmpty() ? labels.path("controller-revision-hash").asText("") : hash;
    }
}
