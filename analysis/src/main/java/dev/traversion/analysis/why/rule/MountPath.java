/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A path in a volume that is made of a variable which the container does not have. */
final class MountPath extends TemplateRule {

    /** What kubelets say. */
    private static final Pattern LACKING = Pattern.compile("missing value for (\\S+)");

    MountPath() {
        super(
                "mount-path",
                "A container cannot be made, since the path that it mounts of a volume is made of a variable, $(NAME), that it does not"
                        + " have. Proved: it had it, or the path was made of others, until that was changed.",
                Set.of(What.CONFIG_MISSING));
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        Matcher lacking = LACKING.matcher(trouble.text());
        Change change = field.change();
        boolean isInput = field.isOf(trouble) && field.starts("env", "envFrom", "volumeMounts");
        if (!isInput || !lacking.find() || change.before() == null) {
            return Optional.empty();
        }
        String name = lacking.group(1);
        JsonNode before = container(change.before(), trouble);
        JsonNode after = container(change.after(), trouble);
        boolean isLost = asks(before, name) && has(before, name) && !has(after, name) && field.starts("env");
        boolean isAsked = !asks(before, name) && asks(after, name) && field.starts("volumeMounts");
        boolean isFrom = field.starts("envFrom");
        if (!isLost && !isAsked && !isFrom) {
            return Optional.empty();
        }
        boolean isOthers = isLost
                && !field.change().path().contains("[name=" + name + "]")
                && field.tail().contains("[");
        return isOthers
                ? Optional.empty()
                : Optional.of(Link.to(
                        change,
                        isFrom ? Tier.B : Tier.A,
                        isFrom ? 0.9 : 1,
                        "a mounted path is made of the variable " + name + ", which the container does not have"));
    }

    private static JsonNode container(Version maker, Trouble trouble) {
        return Pods.container(Pods.template(maker.body()).path("spec"), trouble.container());
    }

    private static boolean has(JsonNode container, String variable) {
        for (JsonNode each : container.path("env")) {
            if (each.path("name").asText().equals(variable)) {
                return true;
            }
        }
        return false;
    }

    private static boolean asks(JsonNode container, String variable) {
        for (JsonNode mount : container.path("volumeMounts")) {
            if (mount.path("subPathExpr").asText().contains("$(" + variable + ")")) {
                return true;
            }
        }
        return false;
    }
}
