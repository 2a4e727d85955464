/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.kube.Addresses.Meaning;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Annotations and labels of a pod that its own containers read by the downward API. */
final class OwnAnnotations extends TemplateRule {

    private static final Pattern READ = Pattern.compile("(metadata\\.(?:annotations|labels))(?:\\['(.+)'\\])?");
    private static final Pattern CHANGED =
            Pattern.compile("(metadata\\.(?:annotations|labels))(?:\\[\"(.+)\"\\]|\\.(.+))?");

    OwnAnnotations() {
        super(
                "own-annotations",
                "An annotation or a label in a template was changed, which a failing container reads by the downward API, as a variable"
                        + " or a file, and it fails from its first start with it on; stronger if the message names it or its value, or a"
                        + " Service answers to the address that it had before and none to the one it has since. Proved if that one can"
                        + " only be of the cluster.",
                RUNNING);
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        Matcher changed = CHANGED.matcher(field.tail());
        if (!changed.matches() || !isRead(trouble, changed)) {
            return Optional.empty();
        }
        String namespace = field.change().key().namespace();
        List<String> old = texts(field.change().old());
        List<String> now = texts(field.change().now());
        boolean isNamed = Rule.names(trouble.text(), key(changed))
                || now.stream().anyMatch(value -> Rule.names(trouble.text(), value));
        boolean wasServed = old.stream()
                .anyMatch(value -> Addresses.meaning(world, namespace, value, trouble.from()) == Meaning.SERVED);
        boolean isServed = now.stream()
                .anyMatch(value -> Addresses.meaning(world, namespace, value, trouble.from()) == Meaning.SERVED);
        boolean isLost = now.stream()
                .anyMatch(value -> Addresses.meaning(world, namespace, value, trouble.from()) == Meaning.UNSERVED
                        && Addresses.meaning(
                                        world, namespace, value, field.change().at())
                                == Meaning.UNSERVED);
        boolean isProved = wasServed
                && isLost
                && Fields.stands(world, field.change(), trouble.about().created());
        return Optional.of(Link.to(
                field.change(),
                isProved ? Tier.A : Tier.B,
                isProved || isNamed ? 0.95 : wasServed && !isServed ? 0.85 : 0.62,
                "the container reads it by the downward API, and fails"));
    }

    private static boolean isRead(Trouble trouble, Matcher changed) {
        String key = key(changed);
        for (String path : paths(trouble)) {
            Matcher read = READ.matcher(path);
            boolean isSame = read.matches() && read.group(1).equals(changed.group(1));
            if (isSame
                    && (key.isEmpty() || read.group(2) == null || read.group(2).equals(key))) {
                return true;
            }
        }
        return false;
    }

    /** The annotation or label that was changed; {@code ""} if all were. */
    private static String key(Matcher changed) {
        return changed.group(2) != null ? changed.group(2) : changed.group(3) != null ? changed.group(3) : "";
    }

    /** The fields of its own pod that a container reads, as variables and as files. */
    private static List<String> paths(Trouble trouble) {
        JsonNode spec = trouble.about().get("spec");
        JsonNode container = Pods.container(spec, trouble.container());
        List<JsonNode> readers = new ArrayList<>();
        container.path("env").forEach(readers::add);
        for (JsonNode mount : container.path("volumeMounts")) {
            for (JsonNode volume : spec.path("volumes")) {
                if (volume.path("name").equals(mount.path("name"))) {
                    readers.add(volume);
                }
            }
        }
        List<String> found = new ArrayList<>();
        readers.forEach(reader -> reader.findValues("fieldPath").forEach(path -> found.add(path.asText())));
        return found;
    }

    /** The value of one key, or those of all. */
    private static List<String> texts(JsonNode value) {
        List<String> found = new ArrayList<>();
        if (value != null && value.isTextual()) {
            found.add(value.asText());
        } else if (value != null) {
            value.forEach(each -> found.add(each.asText()));
        }
        return found;
    }
}
