/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.kube.Quantities;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.Optional;
import java.util.Set;

/** A limit of CPU below what is needed. */
final class CpuLimit extends TemplateRule {

    CpuLimit() {
        super(
                "cpu-limit",
                "A limit of CPU was lowered, or set, and probes of the container fail; stronger if they run out of time, or the container was seen to wait.",
                Set.of(What.THROTTLED, What.LIVENESS_FAILED, What.READINESS_FAILED, What.STARTUP_FAILED, What.CRASHED));
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        boolean isLimit = field.starts("resources.limits.cpu")
                || field.tail().equals("resources.limits")
                || field.tail().equals("resources");
        if (!field.isOf(trouble)
                || !isLimit
                || amount(field.change().now(), field.tail())
                        >= amount(field.change().old(), field.tail())) {
            return Optional.empty();
        }
        String text = trouble.text();
        boolean inTime = text.contains("imeout") || text.contains("deadline") || text.contains("timed out");
        return Optional.of(Link.to(
                field.change(),
                Tier.B,
                trouble.what() == What.THROTTLED ? 1 : inTime ? 0.93 : trouble.what() == What.CRASHED ? 0.4 : 0.7,
                "the container gets less CPU since" + (inTime ? ", and its probes run out of time" : "")));
    }

    private static double amount(com.fasterxml.jackson.databind.JsonNode value, String tail) {
        if (value == null) {
            return Double.POSITIVE_INFINITY;
        }
        return Quantities.of(
                tail.equals("resources")
                        ? value.path("limits").path("cpu")
                        : tail.equals("resources.limits") ? value.path("cpu") : value,
                Double.POSITIVE_INFINITY);
    }
}
