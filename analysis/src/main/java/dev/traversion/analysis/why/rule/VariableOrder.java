/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A variable that is made of another one, which is not known yet where it stands. */
final class VariableOrder extends PlainRule {

    private static final Pattern REFERENCE = Pattern.compile("(?<!\\$)\\$\\(([A-Za-z_][A-Za-z0-9_.-]*)\\)");

    VariableOrder() {
        super(
                "variable-order",
                "A variable of a failing container is made of another one, $(NAME), that stands after it, so that it is not replaced."
                        + " Proved: it stood before it until the variables were put in another order.",
                TemplateRule.RUNNING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Set<String> late = late(Pods.container(trouble.about().get("spec"), trouble.container()));
        for (Change change :
                world.changes(Templates.maker(world, trouble.about()).key())) {
            boolean isInput = change.path().endsWith("ontainers[name=" + trouble.container() + "].env")
                    && change.before() != null
                    && Rule.precedes(change.at(), trouble)
                    && change.at() <= trouble.about().created() + SLACK;
            if (!isInput || late.isEmpty()) {
                continue;
            }
            Set<String> since = late(container(change.after(), trouble));
            since.retainAll(late);
            since.removeAll(late(container(change.before(), trouble)));
            if (!since.isEmpty() && stood(container(change.before(), trouble), since)) {
                links.add(Link.to(
                        change,
                        Templates.wasWellSince(world, trouble, change.at()) ? Tier.B : Tier.A,
                        0.98,
                        "a variable is made of one that stands after it since, and is not replaced: "
                                + String.join(", ", since)));
            }
        }
        return links;
    }

    private static JsonNode container(Version maker, Trouble trouble) {
        return Pods.container(Pods.template(maker.body()).path("spec"), trouble.container());
    }

    /** The variables of a container that others are made of which stand before them: {@code URL of HOST}. */
    private static Set<String> late(JsonNode container) {
        Set<String> all = new HashSet<>();
        Set<String> found = new HashSet<>();
        if (!container.path("envFrom").isEmpty()) {
            return found;
        }
        container.path("env").forEach(each -> all.add(each.path("name").asText()));
        Set<String> known = new HashSet<>();
        for (JsonNode each : container.path("env")) {
            Matcher reference = REFERENCE.matcher(each.path("value").asText(""));
            while (reference.find()) {
                if (all.contains(reference.group(1)) && !known.contains(reference.group(1))) {
                    found.add(each.path("name").asText() + " of " + reference.group(1));
                }
            }
            known.add(each.path("name").asText());
        }
        return found;
    }

    /** Whether a container had all of these variables. */
    private static boolean stood(JsonNode container, Set<String> found) {
        Set<String> names = new HashSet<>();
        container.path("env").forEach(each -> names.add(each.path("name").asText()));
        return found.stream().allMatch(each -> names.containsAll(List.of(each.split(" of "))));
    }
}
