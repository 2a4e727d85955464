/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A probe that asks in the wrong place, or with too little patience. */
final class ProbeSettings extends TemplateRule {

    private static final Pattern COUNTS = Pattern.compile("\\.(failureThreshold|successThreshold|periodSeconds)$");

    ProbeSettings() {
        super(
                "probe-settings",
                "A probe was changed, and fails since. Proved if it asks a port that the container does not declare, and asked one"
                        + " that it declares before, by number or by name, and nobody answers there,"
                        + " or if it has to succeed more often than there was time for, and no probe fails.",
                Set.of(What.LIVENESS_FAILED, What.READINESS_FAILED, What.STARTUP_FAILED, What.CRASHED));
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        String probe =
                switch (trouble.what()) {
                    case LIVENESS_FAILED, CRASHED -> "livenessProbe";
                    case READINESS_FAILED -> "readinessProbe";
                    default -> "startupProbe";
                };
        if (trouble.what() != What.CRASHED && field.isOf(trouble) && isNameTaken(trouble, field, probe)) {
            return Optional.of(
                    Link.to(field.change(), Tier.A, 1, "the probe asks a port by a name that no port has any more"));
        }
        boolean starts = trouble.what() == What.LIVENESS_FAILED && field.starts("startupProbe");
        if (!field.isOf(trouble) || !(field.starts(probe) || starts)) {
            return Optional.empty();
        }
        JsonNode spec = Pods.template(field.change().after().body()).path("spec");
        boolean isPort = field.tail().endsWith(".port");
        // With a status, somebody answers there.
        boolean isProved = isPort
                && !trouble.text().contains("statuscode")
                && field.change().old() != null
                && field.change().now() != null
                && Pods.declares(spec, field.change().old())
                && !Pods.declares(spec, field.change().now());
        // How often it has to fail does not make it fail.
        boolean isCount = trouble.what() == What.READINESS_FAILED
                && COUNTS.matcher(field.tail()).find();
        boolean named = field.change().now() != null
                && field.change().now().isValueNode()
                && field.change().now().asText().length() > 2
                && trouble.text().contains(field.change().now().asText());
        if (isCount && isTooSoon(world, trouble, field)) {
            return Optional.of(Link.to(
                    field.change(), Tier.A, 0.97, "the probe has to succeed more often than it was asked until now"));
        }
        return Optional.of(Link.to(
                field.change(),
                isProved && trouble.what() != What.CRASHED ? Tier.A : Tier.B,
                trouble.what() == What.CRASHED || isCount ? 0.4 : named ? 1 : 0.9,
                isProved
                        ? "the probe asks a port that the container does not declare"
                        : "the probe was changed, and fails since"));
    }

    /** Whether a container has run for too short a time for the successes that are wanted since a change, and not for those before it. */
    private static boolean isTooSoon(World world, Trouble trouble, Templates.Field field) {
        if (!field.tail().endsWith("successThreshold") || trouble.text().contains("Unhealthy")) {
            return false;
        }
        long runs = Math.min(trouble.to(), world.to()) - trouble.from();
        long period = Pods.container(trouble.about().get("spec"), trouble.container())
                        .path("readinessProbe")
                        .path("periodSeconds")
                        .asLong(10)
                * 1_000_000_000L;
        return runs < times(field.change().now()) * period
                && runs > (times(field.change().old()) + 1) * period;
    }

    private static long times(JsonNode threshold) {
        return threshold == null ? 1 : threshold.asLong();
    }

    /** Whether a container's ports were changed so that none has the name any more by which a probe asks for it. */
    private static boolean isNameTaken(Trouble trouble, Templates.Field field, String probe) {
        if (!field.starts("ports") || field.change().before() == null) {
            return false;
        }
        JsonNode asked =
                Pods.container(trouble.about().get("spec"), trouble.container()).path(probe);
        for (String how : List.of("httpGet", "tcpSocket")) {
            JsonNode port = asked.path(how).path("port");
            boolean isTaken = port.isTextual()
                    && Pods.declares(
                            Pods.template(field.change().before().body()).path("spec"), port)
                    && !Pods.declares(
                            Pods.template(field.change().after().body()).path("spec"), port);
            if (isTaken) {
                return true;
            }
        }
        return false;
    }
}
