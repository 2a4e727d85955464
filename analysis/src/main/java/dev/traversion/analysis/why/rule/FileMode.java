/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Files of a volume that belong to root, and that a container's user may not read. */
final class FileMode extends TemplateRule {

    private static final Pattern MODE = Pattern.compile(
            "volumes\\[name=([^\\]]*)\\]\\.(?:configMap|secret|projected|downwardAPI)\\b.*\\.?(?:defaultMode|mode)");
    /** What the API server fills in: 0644. */
    private static final int USUAL = 420;

    private static final int GROUP = 1 << 5;
    private static final int OTHERS = 1 << 2;

    FileMode() {
        super(
                "file-mode",
                "The mode of a volume's files was changed, and a container that mounts them fails from its first start on. Proved if its"
                        + " user could read them before, cannot since, and the message says that it may not.",
                Set.of(
                        What.START_FAILED,
                        What.CRASHED,
                        What.READINESS_FAILED,
                        What.LIVENESS_FAILED,
                        What.STARTUP_FAILED,
                        What.INIT_UNFINISHED));
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        Matcher mode = MODE.matcher(field.tail());
        JsonNode spec = trouble.about().get("spec");
        JsonNode container = Pods.container(spec, trouble.container());
        if (!field.container().isEmpty() || !mode.matches() || !mounts(container, mode.group(1))) {
            return Optional.empty();
        }
        String text = trouble.text().toLowerCase(Locale.ROOT);
        boolean says = text.contains("permission denied") || text.contains("eacces") || text.contains("access denied");
        int bit = bit(spec.path("securityContext"), container.path("securityContext"));
        boolean lost = bit > 0
                && (mode(field.change().old()) & bit) != 0
                && (mode(field.change().now()) & bit) == 0;
        if (!lost && !(says && bit < 0)) {
            return Optional.empty();
        }
        return Optional.of(Link.to(
                field.change(),
                lost && says ? Tier.A : Tier.B,
                lost && says ? 0.98 : 0.9,
                lost
                        ? "the user of the container may not read the files of the volume since"
                        : "the files of a volume have another mode since"));
    }

    private static int mode(JsonNode value) {
        return value == null ? USUAL : value.asInt(USUAL);
    }

    private static boolean mounts(JsonNode container, String volume) {
        for (JsonNode mount : container.path("volumeMounts")) {
            if (mount.path("name").asText().equals(volume)) {
                return true;
            }
        }
        return false;
    }

    /** The bit without which a user may not read what is root's; 0 if there is none, -1 if the user is not known. */
    private static int bit(JsonNode pod, JsonNode container) {
        JsonNode user = container.has("runAsUser") ? container.path("runAsUser") : pod.path("runAsUser");
        JsonNode group = container.has("runAsGroup") ? container.path("runAsGroup") : pod.path("runAsGroup");
        boolean isOfRoot = group.asLong() == 0;
        for (JsonNode each : pod.path("supplementalGroups")) {
            isOfRoot |= each.asLong() == 0;
        }
        if (user.isMissingNode()) {
            return -1;
        }
        // With an fsGroup the kubelet gives the files to it, and lets it read them.
        return user.asLong() == 0 || pod.has("fsGroup") ? 0 : isOfRoot ? GROUP : OTHERS;
    }
}
