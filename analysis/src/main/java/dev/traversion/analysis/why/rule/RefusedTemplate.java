/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A template of which the API server makes no pods. */
final class RefusedTemplate extends TemplateRule {

    RefusedTemplate() {
        super(
                "refused-template",
                "A field of a template was changed, and its pods are refused since; the message names its value, or the field. Otherwise"
                        + " near in time only.",
                Set.of(What.CREATE_REFUSED));
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        if (field.tail().startsWith("metadata")) {
            return Optional.empty();
        }
        JsonNode now = field.change().now();
        boolean byValue = now != null && names(trouble.text(), now);
        boolean byName = trouble.text()
                .toLowerCase(Locale.ROOT)
                .contains(last(field.tail()).toLowerCase(Locale.ROOT));
        return Optional.of(Link.to(
                field.change(),
                byValue || byName ? Tier.B : Tier.C,
                byValue ? 0.95 : byName ? 0.85 : 0.3,
                "pods are made in another way since, and are refused"));
    }

    private static boolean names(String text, JsonNode value) {
        if (value.isValueNode()) {
            return Rule.names(text, value.asText());
        }
        for (JsonNode each : value) {
            if (names(text, each)) {
                return true;
            }
        }
        return false;
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('.') + 1).replaceAll("\\[.*", "");
    }
}
