/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Anything else of a template. */
final class OtherTemplateChange extends TemplateRule {

    private static final Pattern NAMED = Pattern.compile("\\b([A-Za-z]+) field\\b");
    /** Texts that are no longer may stand in a message by chance. */
    private static final int SHORT = 5;

    private static final Pattern STEPS = Pattern.compile("[.\\[\\]]");

    OtherTemplateChange() {
        super(
                "template-change",
                "Another field of the pod's spec was changed, and its pods fail from their first start on. Near in time only, unless the"
                        + " message names the field or has its value, or a pod that was made before got ready, and none since: then"
                        + " the fewer fields were changed, the surer.",
                Set.of(
                        What.CRASHED,
                        What.START_FAILED,
                        What.READINESS_FAILED,
                        What.LIVENESS_FAILED,
                        What.STARTUP_FAILED,
                        What.MOUNT_FAILED,
                        What.CONFIG_MISSING,
                        What.OUT_OF_MEMORY,
                        What.INIT_UNFINISHED,
                        What.JOB_UNFINISHED,
                        What.EVICTED,
                        What.IMAGE_UNAVAILABLE,
                        What.UNSCHEDULABLE,
                        What.HELD_BACK,
                        What.ROLLOUT_HELD,
                        What.FITS_NO_NODE));
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        boolean isLabel = field.tail().startsWith("metadata");
        boolean isOther = !field.container().isEmpty() && !field.isOf(trouble);
        if (isLabel || isOther) {
            return Optional.empty();
        }
        boolean isReadOnly = field.tail().endsWith("readOnly")
                && field.change().now() != null
                && field.change().now().asBoolean();
        if (isReadOnly && trouble.text().toLowerCase(Locale.ROOT).contains("read-only file system")) {
            return Optional.of(
                    Link.to(field.change(), Tier.B, 0.98, "the container may not write to the volume since"));
        }
        JsonNode now = field.change().now();
        if (isNamed(trouble, field)) {
            return Optional.of(Link.to(field.change(), Tier.B, 0.9, "the message names the field"));
        }
        if (now != null
                && now.isTextual()
                && now.asText().length() > SHORT
                && Rule.names(trouble.text(), now.asText())) {
            return Optional.of(Link.to(field.change(), Tier.B, 0.9, "the message has what it is since"));
        }
        int others = Templates.alternatives(world, trouble);
        return Optional.of(
                others == 0
                        ? Link.to(field.change(), Tier.C, 0.3, "its pods are made in another way since")
                        : Link.to(
                                field.change(),
                                Tier.B,
                                0.5 / others,
                                "pods made before got ready, and none since; nothing observed says how"));
    }

    /** Whether a message is about a field by its name, as in "the OS field", or about one within it. */
    private static boolean isNamed(Trouble trouble, Templates.Field field) {
        Matcher named = NAMED.matcher(trouble.text());
        while (named.find()) {
            boolean isStep = STEPS.splitAsStream(field.tail()).anyMatch(named.group(1)::equalsIgnoreCase);
            if (isStep) {
                return true;
            }
        }
        return false;
    }
}
