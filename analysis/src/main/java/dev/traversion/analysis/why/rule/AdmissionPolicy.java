/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.traversion.analysis.why.kube.Selectors;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.analysis.why.trouble.WorkloadTroubles;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A ValidatingAdmissionPolicy that refuses a pod. */
final class AdmissionPolicy extends PlainRule {

    private static final Pattern DENIED =
            Pattern.compile("ValidatingAdmissionPolicy '([^']+)' with binding '([^']+)' denied");

    AdmissionPolicy() {
        super(
                "admission-policy",
                "A pod, or an EndpointSlice, was refused by a ValidatingAdmissionPolicy that was created or changed before, or its"
                        + " binding was, or what it takes parameters from; the message names both. Proved if the binding began to deny, or"
                        + " the policy to take EndpointSlices, or if a pod of the same template was admitted before the parameter was"
                        + " changed that the policy reads.",
                Set.of(What.CREATE_REFUSED, What.ENDPOINTS_STALE));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Matcher denied = DENIED.matcher(trouble.text());
        if (denied.find()) {
            ObjectKey binding = new ObjectKey(Types.ADMISSION_BINDINGS, "", denied.group(2));
            for (Change change : world.changes(binding)) {
                boolean isWish = change.path().startsWith("spec") || change.operation() == Change.Operation.CREATED;
                if (isWish && Rule.precedes(change.at(), trouble)) {
                    boolean isProved = change.before() != null && !denies(change.before()) && denies(change.after());
                    links.add(Link.to(
                            change, isProved ? Tier.A : Tier.B, 1, "the policy denies, where it did not before"));
                }
            }
            for (Change change : world.changes(new ObjectKey(Types.ADMISSION_POLICIES, "", denied.group(1)))) {
                if (Rule.precedes(change.at(), trouble)) {
                    boolean isProved = trouble.what() == What.ENDPOINTS_STALE && takesSince(world, trouble, change);
                    links.add(Link.to(change, isProved ? Tier.A : Tier.B, 1, "the policy denies it"));
                }
            }
            ObjectKey policy = new ObjectKey(Types.ADMISSION_POLICIES, "", denied.group(1));
            parameters(world, trouble, policy, binding, links);
        }
        return links;
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

    /** Changes of what a policy takes its parameters from. */
    private static void parameters(
            World world, Trouble trouble, ObjectKey policy, ObjectKey binding, List<Link> links) {
        long time = trouble.from() + SLACK;
        JsonNode rules = world.at(policy, time).map(each -> each.get("spec")).orElse(MissingNode.getInstance());
        JsonNode reference = world.at(binding, time)
                .map(each -> each.get("spec", "paramRef"))
                .orElse(MissingNode.getInstance());
        JsonNode kind = rules.path("paramKind");
        if (!kind.has("kind") || !reference.has("name")) {
            return;
        }
        ResourceType type =
                Types.of(kind.path("apiVersion").asText(), kind.path("kind").asText());
        String name = reference.path("name").asText();
        String space = reference.path("namespace").asText(trouble.about().key().namespace());
        ObjectKey key = new ObjectKey(type, space, name);
        for (Change change : world.changes(world.versions(key).isEmpty() ? new ObjectKey(type, "", name) : key)) {
            if (!change.path().startsWith("metadata") && Rule.precedes(change.at(), trouble)) {
                boolean reads = change.path().isEmpty() || rules.toString().contains("params." + change.path());
                boolean isProved = reads && wasAdmitted(world, trouble, change, List.of(policy, binding));
                links.add(Link.to(
                        change,
                        isProved ? Tier.A : Tier.B,
                        reads ? 1 : 0.8,
                        "the policy that denies the pod takes its parameters from it"));
            }
        }
    }

    /** Whether a pod of the same template was made before a change, under the same policy, and with the same labels around it. */
    private static boolean wasAdmitted(World world, Trouble trouble, Change change, List<ObjectKey> rules) {
        Version maker = Templates.maker(world, trouble.about());
        JsonNode refused = Templates.spec(world, maker, trouble.from());
        List<Change> others = new ArrayList<>(world.changes(
                new ObjectKey(Types.NAMESPACES, "", trouble.about().key().namespace())));
        rules.forEach(rule -> others.addAll(world.changes(rule)));
        return WorkloadTroubles.family(world, maker).stream()
                .filter(key -> key.type().equals(Types.PODS))
                .map(key -> world.versions(key).getFirst())
                .filter(pod -> pod.created() + SLACK < change.at())
                .filter(pod -> others.stream().noneMatch(other -> other.at() > pod.created() - SLACK))
                .anyMatch(pod -> !refused.isMissingNode()
                        && refused.equals(Templates.spec(world, maker, pod.created() + SLACK / 2)));
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
