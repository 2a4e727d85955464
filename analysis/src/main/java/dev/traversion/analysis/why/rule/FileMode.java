/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Files of a volume that belong to root, and that a container's user may not read. */
final class FileMode extends TemplateRule {

    private static final Pattern MODE = Pattern.compile(
            "(volumes\\[name=([^\\]]*)\\]\\.(?:configMap|secret|projected|downwardAPI))\\b.*\\.(?:defaultMode|mode)");

    /** What the API server fills in: 0644. */
    private static final int USUAL = 420;

    private static final List<String> WRITTEN = List.of("configMap", "secret", "projected", "downwardAPI");

    private static final int GROUP = 1 << 5;
    private static final int OTHERS = 1 << 2;

    FileMode() {
        super(
                "file-mode",
                "The mode of a volume's files was changed, or of whom a container that mounts them is, and it fails from its first start"
                        + " on. Proved if it could read them before, cannot since, whatever its group may be, and the message says so of"
                        + " one of them.",
                STARTING);
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        Matcher mode = MODE.matcher(field.tail());
        JsonNode spec = trouble.about().get("spec");
        JsonNode container = Pods.container(spec, trouble.container());
        if (field.starts("securityContext")) {
            return ofUser(trouble, field);
        }
        if (!field.container().isEmpty()
                || !mode.matches()
                || paths(container, mode.group(2)).isEmpty()) {
            return Optional.empty();
        }
        Change change = field.change();
        boolean isCreated = change.before() == null;
        int before = isCreated ? USUAL : mode(change.before(), field.tail(), mode.group(1));
        int after = mode(change.after(), field.tail(), mode.group(1));
        List<Integer> bits = bits(spec.path("securityContext"), container.path("securityContext"));
        List<Integer> taken =
                bits.stream().filter(bit -> (before & ~after & bit) != 0).toList();
        boolean isLost = !bits.isEmpty() && taken.equals(bits);
        boolean says = isDenied(trouble.text());
        boolean isGuess = says
                && user(spec.path("securityContext"), container.path("securityContext"))
                        .isMissingNode()
                && (before & ~after) != 0;
        if (taken.isEmpty() && !isGuess) {
            return Optional.empty();
        }
        boolean isProved = isLost
                && !isCreated
                && says
                && isOfAll(change, field.tail(), mode.group(1))
                && paths(container, mode.group(2)).stream().anyMatch(path -> names(trouble.text(), path));
        return Optional.of(Link.to(
                change,
                isProved ? Tier.A : Tier.B,
                isProved ? 0.98 : 0.9,
                isLost
                        ? "the user of the container may not read the files of the volume since"
                        : "the files of a volume have another mode since"));
    }

    /** Who a container is, was changed, and it may read the files of a volume no more. */
    private static Optional<Link> ofUser(Trouble trouble, Templates.Field field) {
        boolean isIts = field.container().isEmpty() || field.isOf(trouble);
        if (!isIts || field.change().before() == null || !isDenied(trouble.text())) {
            return Optional.empty();
        }
        JsonNode before = Pods.template(field.change().before().body()).path("spec");
        JsonNode after = Pods.template(field.change().after().body()).path("spec");
        JsonNode undone = Pods.template(Undoing.without(field.change())).path("spec");
        for (JsonNode volume : after.path("volumes")) {
            String name = volume.path("name").asText();
            boolean isNamed = paths(Pods.container(after, trouble.container()), name).stream()
                    .anyMatch(path -> names(trouble.text(), path));
            if (isNamed
                    && mayRead(before, trouble.container(), name) == Answer.YES
                    && mayRead(after, trouble.container(), name) == Answer.NO
                    && mayRead(trouble.about().get("spec"), trouble.container(), name) == Answer.NO
                    && mayRead(undone, trouble.container(), name) == Answer.YES) {
                return Optional.of(Link.to(
                        field.change(), Tier.A, 0.99, "the container is somebody since who may not read the files"));
            }
        }
        return Optional.empty();
    }

    private enum Answer {
        YES,
        NO,
        UNKNOWN
    }

    /** Whether a container may read what the kubelet writes to a volume: as root, as one of its group, or as everybody. */
    private static Answer mayRead(JsonNode spec, String container, String volume) {
        JsonNode pod = spec.path("securityContext");
        JsonNode own = Pods.container(spec, container).path("securityContext");
        JsonNode user = user(pod, own);
        JsonNode source = MissingNode.getInstance();
        for (JsonNode each : spec.path("volumes")) {
            source = each.path("name").asText().equals(volume) ? each : source;
        }
        boolean isWritten = WRITTEN.stream().anyMatch(source::has);
        // The kubelet gives a token to the user, if all containers are the same one.
        boolean isOwn = source.findValue("mode") != null || source.findValue("serviceAccountToken") != null;
        if (!isWritten || isOwn || !user.isNumber()) {
            return Answer.UNKNOWN;
        }
        if (user.asLong() == 0 || pod.has("fsGroup")) {
            return Answer.YES;
        }
        JsonNode given = source.findValue("defaultMode");
        int mode = given == null ? USUAL : given.asInt();
        List<Integer> bits = bits(pod, own);
        long set = bits.stream().filter(bit -> (mode & bit) != 0).count();
        return set == bits.size() ? Answer.YES : set == 0 ? Answer.NO : Answer.UNKNOWN;
    }

    private static boolean isDenied(String text) {
        String said = text.toLowerCase(Locale.ROOT);
        return said.contains("permission denied") || said.contains("eacces") || said.contains("access denied");
    }

    /** Whether a message names a path, or what is below it. */
    private static boolean names(String text, String path) {
        return Pattern.compile("(?<![A-Za-z0-9._/-])" + Pattern.quote(path) + "(?![A-Za-z0-9._-])")
                .matcher(text)
                .find();
    }

    /** A file's own mode, or else that of its volume. */
    private static int mode(Version maker, String path, String volume) {
        JsonNode spec = Pods.template(maker.body()).path("spec");
        return Fields.value(spec, path)
                .asInt(Fields.value(spec, volume + ".defaultMode").asInt(USUAL));
    }

    /** Whether a mode is that of the same file as before, or of all files of the volume: none has its own. */
    private static boolean isOfAll(Change change, String path, String volume) {
        JsonNode before = Pods.template(change.before().body()).path("spec");
        JsonNode after = Pods.template(change.after().body()).path("spec");
        if (path.endsWith(".defaultMode")) {
            return Fields.value(after, volume).findValues("mode").isEmpty();
        }
        String file = path.substring(0, path.lastIndexOf('.')) + ".path";
        return Fields.value(before, file).equals(Fields.value(after, file));
    }

    /** Where a container has a volume. */
    private static List<String> paths(JsonNode container, String volume) {
        List<String> found = new ArrayList<>();
        for (JsonNode mount : container.path("volumeMounts")) {
            if (mount.path("name").asText().equals(volume)) {
                found.add(mount.path("mountPath").asText().replaceFirst("/+$", ""));
            }
        }
        return found;
    }

    private static JsonNode user(JsonNode pod, JsonNode container) {
        return container.has("runAsUser") ? container.path("runAsUser") : pod.path("runAsUser");
    }

    /** The bits of which one lets a user read what is root's: each that may be it. None if it may anyway, or is not known. */
    private static List<Integer> bits(JsonNode pod, JsonNode container) {
        JsonNode user = user(pod, container);
        // With an fsGroup the kubelet gives the files to it, and lets it read them.
        if (user.isMissingNode() || user.asLong() == 0 || pod.has("fsGroup")) {
            return List.of();
        }
        JsonNode group = container.has("runAsGroup") ? container.path("runAsGroup") : pod.path("runAsGroup");
        boolean isOfRoot = group.isNumber() && group.asLong() == 0;
        for (JsonNode each : pod.path("supplementalGroups")) {
            isOfRoot |= each.asLong() == 0;
        }
        // Without one it is what the image says.
        return isOfRoot ? List.of(GROUP) : group.isNumber() ? List.of(OTHERS) : List.of(GROUP, OTHERS);
    }
}
