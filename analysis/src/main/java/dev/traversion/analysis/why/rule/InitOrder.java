/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A container that runs before one that had to prepare something for it. */
final class InitOrder extends TemplateRule {

    InitOrder() {
        super(
                "init-order",
                "Containers that run one after the other were put in another order, and one fails that came after another before. Never"
                        + " proved: nothing says that it needs that one.",
                STARTING);
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        if (!field.container().isEmpty() || !field.tail().equals("initContainers")) {
            return Optional.empty();
        }
        Set<String> passed = new TreeSet<>(before(field.change().old(), trouble.container()));
        passed.removeAll(before(field.change().now(), trouble.container()));
        return passed.isEmpty()
                ? Optional.empty()
                : Optional.of(Link.to(
                        field.change(),
                        Tier.B,
                        0.95,
                        "it runs before " + String.join(", ", passed) + " since, and ran after it until then"));
    }

    /** The names in a list that stand before one; none if it is not there. */
    private static Set<String> before(JsonNode order, String name) {
        Set<String> found = new HashSet<>();
        if (order != null) {
            for (JsonNode each : order) {
                if (each.asText().equals(name)) {
                    return found;
                }
                found.add(each.asText());
            }
        }
        return Set.of();
    }
}
