/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a pod or container may do on its node. */
final class SecurityContext extends TemplateRule {

    /** What kubelets, runtimes and programs say of somebody who may not. */
    private static final List<String> SAID = List.of(
            "runasnonroot",
            "run as root",
            "permission denied",
            "read-only file system",
            "operation not permitted",
            "access denied",
            "seccomp",
            "apparmor");

    SecurityContext() {
        super(
                "security-context",
                "The securityContext of a pod or container was changed, and the container cannot be started, or fails from its first start"
                        + " on; stronger if the message says that something is not permitted.",
                Set.of(
                        What.CONFIG_MISSING,
                        What.START_FAILED,
                        What.CRASHED,
                        What.READINESS_FAILED,
                        What.LIVENESS_FAILED,
                        What.STARTUP_FAILED,
                        What.INIT_UNFINISHED));
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        boolean isIts = field.container().isEmpty() || field.isOf(trouble);
        if (!isIts || !field.starts("securityContext")) {
            return Optional.empty();
        }
        String text = trouble.text().toLowerCase(Locale.ROOT);
        boolean says = SAID.stream().anyMatch(text::contains);
        if (!says && trouble.what() == What.CONFIG_MISSING) {
            return Optional.empty();
        }
        return Optional.of(Link.to(
                field.change(), Tier.B, says ? 0.98 : 0.61, "the container may do other things on its node since"));
    }
}
