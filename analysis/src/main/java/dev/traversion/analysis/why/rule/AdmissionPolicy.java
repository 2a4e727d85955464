/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.kube.Selectors;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A ValidatingAdmissionPolicy that refuses a pod. */
final class AdmissionPolicy extends PlainRule {

    private static final String METADATA = "metadata.";

    private static final Pattern DENIED =
            Pattern.compile("ValidatingAdmissionPolicy '([^']+)' with binding '([^']+)' denied");

    AdmissionPolicy() {
        super(
                "admission-policy",
                "A pod, or an EndpointSlice, was refused by a ValidatingAdmissionPolicy that was created or changed before, or its"
                        + " binding was, or what it takes parameters from; the message names both. Proved if the binding began to deny, or"
                        + " the policy to take EndpointSlices, or if a pod of the same template was admitted before the parameter was"
                        + " changed that the policy reads. Or a label of the namespace, or a label, an annotation or a field of the"
                        + " template was changed that the policy asks about: proved if its selector takes the label since, or a pod with"
                        + " what was there before, and of the same spec, was admitted by what it is now. Near only if others of the"
                        + " workload were let in since.",
                Set.of(What.CREATE_REFUSED, What.ENDPOINTS_STALE));
    }

    /** A policy that refused something, and its binding. */
    private record Denied(ObjectKey policy, ObjectKey binding, JsonNode rules, JsonNode binds) {

        List<ObjectKey> keys() {
            return List.of(binding, policy);
        }
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Matcher told = DENIED.matcher(trouble.text());
        if (told.find()) {
            ObjectKey policy = new ObjectKey(Types.ADMISSION_POLICIES, "", told.group(1));
            ObjectKey binding = new ObjectKey(Types.ADMISSION_BINDINGS, "", told.group(2));
            Denied denied = new Denied(policy, binding, spec(world, trouble, policy), spec(world, trouble, binding));
            List<Link> fields = new ArrayList<>();
            spaces(world, trouble, denied, fields);
            if (trouble.what() == What.CREATE_REFUSED) {
                labels(world, trouble, denied, fields);
            }
            long label =
                    fields.stream().mapToLong(link -> link.change().at()).max().orElse(0);
            settings(world, trouble, denied, label, links);
            links.addAll(fields);
            if (trouble.what() == What.CREATE_REFUSED) {
                for (Change change : NamedFields.spec(world, trouble, denied.rules())) {
                    links.add(Link.to(change, Tier.B, 0.85, "the policy that denies the pod asks about it"));
                }
            }
            parameters(world, trouble, denied, links);
        }
        return links;
    }

    private static JsonNode spec(World world, Trouble trouble, ObjectKey key) {
        return world.at(key, trouble.from() + SLACK)
                .map(each -> each.get("spec"))
                .orElse(MissingNode.getInstance());
    }

    /**
     * What was changed of the policy and its binding.
     *
     * @param label when a label was changed that they ask about, ns; 0 if none was
     */
    private static void settings(World world, Trouble trouble, Denied denied, long label, List<Link> links) {
        for (ObjectKey key : denied.keys()) {
            boolean isBinding = key.equals(denied.binding());
            for (Change change : world.changes(key)) {
                boolean isWish =
                        change.path().startsWith("spec") || change.path().isEmpty();
                if (!isWish || !Rule.precedes(change.at(), trouble)) {
                    continue;
                }
                boolean isProved = isBinding
                        ? change.before() != null && !denies(change.before()) && denies(change.after())
                        : trouble.what() == What.ENDPOINTS_STALE && takesSince(world, trouble, change);
                boolean isOld = trouble.what() == What.CREATE_REFUSED && Admitted.since(world, trouble, change);
                links.add(Link.to(
                        change,
                        isOld ? Tier.C : isProved ? Tier.A : Tier.B,
                        isOld ? 0.5 : label > change.at() ? 0.8 : 1,
                        isOld
                                ? "the policy denies it, but let others of the workload in since"
                                : isBinding ? "the policy denies, where it did not before" : "the policy denies it"));
            }
        }
    }

    /** Labels of the namespace by which the selectors of the policy and its binding take it since, and did not before. */
    private static void spaces(World world, Trouble trouble, Denied denied, List<Link> links) {
        ObjectKey space =
                new ObjectKey(Types.NAMESPACES, "", trouble.about().key().namespace());
        for (Change change : world.changes(space)) {
            boolean isLabel = change.before() != null && change.path().startsWith("metadata.labels");
            if (isLabel && Rule.precedes(change.at(), trouble)) {
                boolean takes = isTaken(
                        denied,
                        "namespaceSelector",
                        change.path(),
                        Pods.labels(change.before()),
                        Pods.labels(change.after()));
                if (takes) {
                    links.add(Link.to(change, Tier.A, 1, "the policy takes the namespace by this label since"));
                }
            }
        }
    }

    /** Labels and annotations that the policy asks about, of the template of what is refused. */
    private static void labels(World world, Trouble trouble, Denied denied, List<Link> links) {
        List<Change> named = NamedFields.labels(world, trouble, denied.rules());
        for (Change change : NamedFields.metadata(world, trouble)) {
            boolean isLater = denied.keys().stream()
                    .flatMap(key -> world.changes(key).stream())
                    .anyMatch(each -> each.at() > change.at() && Rule.precedes(each.at(), trouble));
            boolean takes = isTaken(denied, change) && !isLater && !wasLetIn(world, trouble, change);
            if (takes || named.contains(change)) {
                boolean isOnly = named.size() == 1 && !isLater;
                boolean isProved = takes || (isOnly && wasAdmittedWithout(world, trouble, denied, change));
                links.add(Link.to(
                        change,
                        isProved ? Tier.A : Tier.B,
                        isLater ? 0.6 : 1,
                        takes
                                ? "the policy takes it by this label since"
                                : "the policy that denies it asks about this"));
            }
        }
    }

    private static boolean isTaken(Denied denied, Change change) {
        String labels = change.path().substring(0, change.path().indexOf(METADATA)) + METADATA + "labels";
        return isTaken(
                denied,
                "objectSelector",
                change.path(),
                Fields.value(change.before().body(), labels),
                Fields.value(change.after().body(), labels));
    }

    /** Whether selectors of a policy and its binding take labels that they did not take before one was changed. */
    private static boolean isTaken(Denied denied, String by, String path, JsonNode before, JsonNode after) {
        boolean takesAll = true;
        boolean takesNew = false;
        for (JsonNode match :
                List.of(denied.rules().path("matchConstraints"), denied.binds().path("matchResources"))) {
            JsonNode selector = match.path(by);
            if (!selector.isEmpty()) {
                takesAll &= Selectors.matches(selector, after);
                takesNew |= path.contains("labels")
                        && Selectors.asksFor(selector, path)
                        && !Selectors.matches(selector, before);
            }
        }
        return takesNew && takesAll;
    }

    /** Whether something with what a change brought was admitted. */
    private static boolean wasLetIn(World world, Trouble trouble, Change change) {
        return Admitted.made(world, trouble)
                .anyMatch(each -> each.created() > change.at() + SLACK && has(each, change, change.now()));
    }

    /** Whether something of the same spec was admitted without what a change brought, and nothing with it. */
    private static boolean wasAdmittedWithout(World world, Trouble trouble, Denied denied, Change change) {
        return !NamedFields.asksForAll(denied.rules())
                && !wasLetIn(world, trouble, change)
                && parameter(world, trouble, denied).isEmpty()
                && Admitted.before(world, trouble, change, denied.keys()).stream()
                        .anyMatch(each -> has(each, change, change.old()));
    }

    /** Whether an object has a label or an annotation as a change of it says. */
    private static boolean has(Version object, Change change, JsonNode value) {
        String path = change.path().substring(change.path().indexOf(METADATA));
        JsonNode its = Fields.value(object.body(), path);
        return value == null ? its.isMissingNode() : value.equals(its);
    }

    /** Whether a policy is asked about EndpointSlices since a change. */
    private static boolean takesSince(World world, Trouble trouble, Change change) {
        return change.path().startsWith("spec.matchConstraints")
                && !takesSlices(change.before())
                && Fields.stands(world, change, trouble.from(), AdmissionPolicy::takesSlices);
    }

    private static boolean takesSlices(Version policy) {
        for (JsonNode rule : policy.get("spec", "matchConstraints", "resourceRules")) {
            if (Selectors.lists(rule.path("apiGroups"), Types.SLICES.group())
                    && Selectors.lists(rule.path("resources"), Types.SLICES.resource())) {
                return true;
            }
        }
        return false;
    }

    /** What a policy takes its parameters from. */
    private static Optional<ObjectKey> parameter(World world, Trouble trouble, Denied denied) {
        JsonNode kind = denied.rules().path("paramKind");
        JsonNode reference = denied.binds().path("paramRef");
        if (!kind.has("kind") || !reference.has("name")) {
            return Optional.empty();
        }
        ResourceType type =
                Types.of(kind.path("apiVersion").asText(), kind.path("kind").asText());
        String name = reference.path("name").asText();
        String space = reference.path("namespace").asText(trouble.about().key().namespace());
        ObjectKey key = new ObjectKey(type, space, name);
        return Optional.of(world.versions(key).isEmpty() ? new ObjectKey(type, "", name) : key);
    }

    /** Changes of what a policy takes its parameters from. */
    private static void parameters(World world, Trouble trouble, Denied denied, List<Link> links) {
        List<Change> changes =
                parameter(world, trouble, denied).map(world::changes).orElse(List.of());
        for (Change change : changes) {
            if (!change.path().startsWith("metadata") && Rule.precedes(change.at(), trouble)) {
                boolean reads =
                        change.path().isEmpty() || denied.rules().toString().contains("params." + change.path());
                boolean isProved = reads
                        && !Admitted.before(world, trouble, change, denied.keys())
                                .isEmpty();
                links.add(Link.to(
                        change,
                        isProved ? Tier.A : Tier.B,
                        reads ? 1 : 0.8,
                        "the policy that denies the pod takes its parameters from it"));
            }
        }
    }

    private static boolean denies(Version binding) {
        for (JsonNode action : binding.get("spec", "validationActions")) {
            if (action.asText().equals("Deny")) {
                return true;
            }
        }
        return false;
    }
}
