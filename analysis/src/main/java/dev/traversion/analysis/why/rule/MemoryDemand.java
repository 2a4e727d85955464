/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.Optional;
import java.util.Set;

/** A change after which a program needs more memory. */
final class MemoryDemand extends TemplateRule {

    MemoryDemand() {
        super(
                "memory-demand",
                "What a container runs, its arguments or its environment were changed, its limit of memory was not, and since then"
                        + " the kernel kills it for its memory.",
                Set.of(What.OUT_OF_MEMORY));
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        if (!field.isOf(trouble) || !field.starts("args", "command", "env")) {
            return Optional.empty();
        }
        boolean isAddedVariable = field.starts("env") && field.change().old() == null;
        return Optional.of(Link.to(
                field.change(),
                Tier.B,
                field.starts("env") ? (isAddedVariable ? 0.5 : 0.6) : 0.7,
                "the container is started in another way since, and uses more memory than it may"));
    }
}
