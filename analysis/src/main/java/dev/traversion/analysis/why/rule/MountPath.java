/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A path in a volume that is made of a variable which the container does not have, or under which another volume is since. */
final class MountPath extends TemplateRule {

    /** What kubelets say. */
    private static final Pattern LACKING = Pattern.compile("missing value for ([^\\s,]+(?:, [^\\s,]+)*)");

    /** What programs say of a file. */
    private static final Pattern ABSENT = Pattern.compile(
            "(/[\\w.@/-]+)[\"']?: (?:no such file|not a directory|is a directory)", Pattern.CASE_INSENSITIVE);

    MountPath() {
        super(
                "mount-path",
                "A container cannot be made, since the path that it mounts of a volume is made of a variable, $(NAME), that it does not"
                        + " have, or that is empty. Proved: it had it, or the path was made of others, until that was changed. Or a file"
                        + " is not there, where it mounts another volume, or none, or the first one, since.",
                and(RUNNING, What.CONFIG_MISSING));
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        if (trouble.what() != What.CONFIG_MISSING) {
            return field.isOf(trouble)
                            && field.starts("volumeMounts")
                            && field.change().before() != null
                    ? moved(trouble, field)
                    : Optional.empty();
        }
        Matcher lacking = LACKING.matcher(trouble.text());
        Change change = field.change();
        boolean isInput = field.isOf(trouble) && field.starts("env", "envFrom", "volumeMounts");
        boolean isMade = isInput
                && change.before() != null
                && Fields.stands(world, change, trouble.about().created());
        if (!isMade || !lacking.find()) {
            return Optional.empty();
        }
        for (String name : lacking.group(1).split(", ")) {
            Optional<Link> link = judge(trouble, field, name);
            if (link.isPresent()) {
                return link;
            }
        }
        return Optional.empty();
    }

    /** A file that is not there, where another volume, or none, is mounted since. */
    private static Optional<Link> moved(Trouble trouble, Templates.Field field) {
        Matcher absent = ABSENT.matcher(trouble.text());
        while (absent.find()) {
            JsonNode before = mount(container(field.change().before(), trouble), absent.group(1));
            JsonNode after = mount(container(field.change().after(), trouble), absent.group(1));
            boolean isInput = !field.tail().contains("[")
                    || Stream.of(before, after).anyMatch(each -> field.tail()
                            .contains("[name=" + each.path("name").asText() + "]"));
            if (!before.equals(after) && isInput) {
                boolean isFirst = before.isMissingNode();
                return Optional.of(Link.to(
                        field.change(),
                        Tier.B,
                        isFirst ? 0.85 : 0.95,
                        "the file that is not there is in "
                                + (isFirst ? after : before).path("mountPath").asText()
                                + (isFirst
                                        ? ", where a volume hides since what was there"
                                        : ", where the container mounts something else since")));
            }
        }
        return Optional.empty();
    }

    /** What a container mounts where a file is; the deepest counts. */
    private static JsonNode mount(JsonNode container, String file) {
        return container
                .path("volumeMounts")
                .valueStream()
                .filter(each ->
                        (file + "/").startsWith(each.path("mountPath").asText().replaceFirst("/*$", "/")))
                .max(Comparator.comparingInt(
                        each -> each.path("mountPath").asText().length()))
                .orElse(MissingNode.getInstance());
    }

    private static Optional<Link> judge(Trouble trouble, Templates.Field field, String name) {
        JsonNode before = container(field.change().before(), trouble);
        JsonNode after = container(field.change().after(), trouble);
        boolean isIts = !field.tail().contains("[") || field.tail().contains("[name=" + name + "]");
        boolean isLost = asks(before, name) && has(before, name) && !has(after, name) && field.starts("env") && isIts;
        // It may have had it by then, and lost it later.
        boolean isAsked = !asks(before, name) && asks(after, name) && !has(after, name) && field.starts("volumeMounts");
        boolean isFrom = field.starts("envFrom");
        boolean isProved = isLost || (isAsked && !after.has("envFrom"));
        return isLost || isAsked || isFrom
                ? Optional.of(Link.to(
                        field.change(),
                        isProved ? Tier.A : Tier.B,
                        isProved ? 1 : 0.9,
                        "a mounted path is made of the variable " + name + ", which the container does not have"))
                : Optional.empty();
    }

    private static JsonNode container(Version maker, Trouble trouble) {
        return Pods.container(Pods.template(maker.body()).path("spec"), trouble.container());
    }

    /** Whether a container has a variable that is not empty, as far as it says itself. */
    private static boolean has(JsonNode container, String variable) {
        for (JsonNode each : container.path("env")) {
            boolean isSet =
                    each.has("valueFrom") || !each.path("value").asText().isEmpty();
            if (isSet && each.path("name").asText().equals(variable)) {
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
