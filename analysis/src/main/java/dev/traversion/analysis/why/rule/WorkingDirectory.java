/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import java.util.Optional;
import java.util.regex.Pattern;

/** The folder in which a container's program begins. */
final class WorkingDirectory extends TemplateRule {

    /** A path that does not begin at the root. */
    private static final Pattern MISSED = Pattern.compile(
            "(?:^|[\\s\"'(])(?!/)[\\w.-][\\w./-]*+[\"']?: (?:no such file|cannot find|not found)",
            Pattern.CASE_INSENSITIVE);

    WorkingDirectory() {
        super(
                "working-directory",
                "A container begins in another folder since, and fails; stronger if it misses a file of which it has no whole path.",
                STARTING);
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        if (!field.isOf(trouble) || !field.tail().equals("workingDir")) {
            return Optional.empty();
        }
        boolean isMissed = MISSED.matcher(trouble.text()).find();
        return Optional.of(Link.to(
                field.change(), Tier.B, isMissed ? 0.97 : 0.62, "the container begins in another folder since"));
    }
}
