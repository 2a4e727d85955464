/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.kube.Quantities;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.Optional;
import java.util.Set;

/** A change after which a program needs more than it may have. */
final class Demand extends TemplateRule {

    Demand() {
        super(
                "demand",
                "What a container runs, its arguments or its environment were changed, or a volume that it writes to was moved to"
                        + " memory, its limits were not, and since then the kernel kills it for its memory, or lets it wait for its limit"
                        + " of CPU.",
                Set.of(What.OUT_OF_MEMORY, What.MEMORY_GROWS, What.THROTTLED));
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        if (isMoved(trouble, field)) {
            return Optional.of(Link.to(
                    field.change(),
                    Tier.B,
                    0.95,
                    "what the container writes to the volume is memory of its own since"));
        }
        if (!field.isOf(trouble) || !field.starts("args", "command", "env")) {
            return Optional.empty();
        }
        if (isFiner(field)) {
            return Optional.of(Link.to(
                    field.change(),
                    Tier.B,
                    0.95,
                    "the container is told its size in smaller units since, and so a larger number"));
        }
        boolean isAddedVariable = field.starts("env") && field.change().old() == null;
        double strength = field.starts("env") ? (isAddedVariable ? 0.5 : 0.6) : 0.7;
        boolean isSeen = trouble.what() != Trouble.What.OUT_OF_MEMORY;
        return Optional.of(Link.to(
                field.change(),
                Tier.B,
                isSeen ? strength + 0.1 : strength,
                "the container is started in another way since, and uses more than it may"));
    }

    /** Whether a variable is an amount of the container's resources, in smaller units than before. */
    private static boolean isFiner(Templates.Field field) {
        JsonNode old = field.change().old();
        JsonNode now = field.change().now();
        return field.tail().endsWith(".resourceFieldRef.divisor") && Quantities.of(now, 1) < Quantities.of(old, 1);
    }

    /** Whether a volume that the container may write to is in memory since a change, and was not before. */
    private static boolean isMoved(Trouble trouble, Templates.Field field) {
        boolean isIts = field.container().isEmpty()
                && field.starts("volumes")
                && field.change().before() != null;
        if (!isIts || trouble.what() == Trouble.What.THROTTLED) {
            return false;
        }
        for (JsonNode mount :
                Pods.container(trouble.about().get("spec"), trouble.container()).path("volumeMounts")) {
            String name = mount.path("name").asText();
            boolean isMoved = !isMemory(field.change().before(), name)
                    && isMemory(field.change().after(), name);
            if (isMoved
                    && field.tail().startsWith("volumes[name=" + name + "]")
                    && !mount.path("readOnly").asBoolean()) {
                return true;
            }
        }
        return false;
    }

    private static boolean isMemory(Version maker, String volume) {
        return StorageLimit.volume(Pods.template(maker.body()).path("spec"), volume)
                .path("emptyDir")
                .path("medium")
                .asText()
                .equals("Memory");
    }
}
