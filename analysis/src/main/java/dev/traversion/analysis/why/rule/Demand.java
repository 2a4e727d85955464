/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

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
                "What a container runs, its arguments or its environment were changed, its limits were not, and since then the kernel"
                        + " kills it for its memory, or lets it wait for its limit of CPU.",
                Set.of(What.OUT_OF_MEMORY, What.MEMORY_GROWS, What.THROTTLED));
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        if (!field.isOf(trouble) || !field.starts("args", "command", "env")) {
            return Optional.empty();
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
}
