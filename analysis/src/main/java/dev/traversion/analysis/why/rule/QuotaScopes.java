/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.kube.Selectors;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import java.util.List;
import java.util.Optional;

/** Pods that count to a quota which is for some pods only, since what they are made of was changed. */
final class QuotaScopes {

    private static final String DEADLINE = "activeDeadlineSeconds";
    private static final String CLASS = "priorityClassName";

    private QuotaScopes() {}

    static void ofTemplates(World world, Trouble trouble, String quota, List<Link> links) {
        ObjectKey key = new ObjectKey(Types.QUOTAS, trouble.about().key().namespace(), quota);
        Optional<JsonNode> scopes =
                world.at(key, trouble.from()).map(each -> each.get("spec")).filter(QuotaScopes::isScoped);
        if (scopes.isEmpty()) {
            return;
        }
        Version maker = Templates.maker(world, trouble.about());
        String spec = Templates.prefix(maker.body()) + "spec.";
        for (Change change : world.changes(maker.key())) {
            boolean isInput = change.operation() == Change.Operation.CHANGED
                    && (change.path().equals(spec + DEADLINE) || change.path().equals(spec + CLASS))
                    && Rule.precedes(change.at(), trouble);
            if (isInput
                    && !counts(scopes.get(), change, change.before())
                    && counts(scopes.get(), change, change.after())
                    && Fields.stands(world, change, trouble.from())) {
                links.add(Link.to(change, Tier.A, 1, "its pods are of those for which the quota is, since"));
            }
        }
    }

    /** Whether a quota is for a pod, as far as that follows from its deadline, its class and its requests. */
    static boolean covers(JsonNode quota, JsonNode pod) {
        for (JsonNode scope : quota.path("scopes")) {
            if (!isOf(scope.asText(), pod)) {
                return false;
            }
        }
        for (JsonNode term : quota.path("scopeSelector").path("matchExpressions")) {
            String scope = term.path("scopeName").asText();
            boolean isOf = scope.equals("PriorityClass")
                    ? isClass(term, pod.path(CLASS).asText(""))
                    : isOf(scope, pod);
            if (!isOf) {
                return false;
            }
        }
        return true;
    }

    private static boolean isScoped(JsonNode quota) {
        return !quota.path("scopes").isEmpty() || quota.has("scopeSelector");
    }

    /** Whether pods with the field of a version count, as far as this one decides. */
    private static boolean counts(JsonNode quota, Change change, Version version) {
        JsonNode spec = Pods.template(version.body()).path("spec");
        for (JsonNode scope : quota.path("scopes")) {
            if (!isOf(scope.asText(), change, spec)) {
                return false;
            }
        }
        for (JsonNode term : quota.path("scopeSelector").path("matchExpressions")) {
            String scope = term.path("scopeName").asText();
            boolean isOf = scope.equals("PriorityClass")
                    ? !change.path().endsWith(CLASS)
                            || isClass(term, spec.path(CLASS).asText(""))
                    : isOf(scope, change, spec);
            if (!isOf) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOf(String scope, Change change, JsonNode spec) {
        return !change.path().endsWith(DEADLINE) || isOf(scope, spec);
    }

    private static boolean isOf(String scope, JsonNode spec) {
        boolean ends = spec.path(DEADLINE).asLong(0) > 0;
        return switch (scope) {
            case "Terminating" -> ends;
            case "NotTerminating" -> !ends;
            case "BestEffort" -> asksNothing(spec);
            case "NotBestEffort" -> !asksNothing(spec);
            default -> true;
        };
    }

    private static boolean asksNothing(JsonNode spec) {
        return Pods.containers(spec).stream()
                .allMatch(each -> each.path("resources").path("requests").isEmpty()
                        && each.path("resources").path("limits").isEmpty());
    }

    private static boolean isClass(JsonNode term, String name) {
        return switch (term.path("operator").asText()) {
            case "In" -> Selectors.lists(term.path("values"), name);
            case "NotIn" -> !name.isEmpty() && !Selectors.lists(term.path("values"), name);
            case "Exists" -> !name.isEmpty();
            case "DoesNotExist" -> name.isEmpty();
            default -> false;
        };
    }
}
