/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.kube.Quantities;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.Optional;
import java.util.Set;

/** A limit of memory below what is needed. */
final class MemoryLimit extends TemplateRule {

    MemoryLimit() {
        super(
                "memory-limit",
                "A limit of memory was lowered, or set, and the kernel kills the container for its memory.",
                Set.of(What.OUT_OF_MEMORY, What.CRASHED, What.START_FAILED));
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        boolean isLimit = field.starts("resources.limits.memory")
                || field.tail().equals("resources.limits")
                || field.tail().equals("resources");
        if (!field.isOf(trouble) || !isLimit) {
            return Optional.empty();
        }
        double now = amount(field.change().now(), field.tail());
        if (now >= amount(field.change().old(), field.tail())) {
            return Optional.empty();
        }
        boolean isOom = trouble.what() == What.OUT_OF_MEMORY;
        return Optional.of(Link.to(
                field.change(),
                Tier.B,
                isOom ? 0.97 : 0.55,
                isOom
                        ? "the container may use less memory since, and was killed for using more"
                        : "the container may use less memory since"));
    }

    private static double amount(com.fasterxml.jackson.databind.JsonNode value, String tail) {
        if (value == null) {
            return Double.POSITIVE_INFINITY;
        }
        return Quantities.of(
                tail.equals("resources")
                        ? value.path("limits").path("memory")
                        : tail.equals("resources.limits") ? value.path("memory") : value,
                Double.POSITIVE_INFINITY);
    }
}
