/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A rule that goes from a pod back to a field of the template it was made of. */
abstract class TemplateRule extends PlainRule {

    /** Troubles of a container that runs, or should. */
    static final Set<What> RUNNING = Set.of(
            What.CRASHED,
            What.READINESS_FAILED,
            What.LIVENESS_FAILED,
            What.STARTUP_FAILED,
            What.INIT_UNFINISHED,
            What.JOB_UNFINISHED);

    /** The same, and of one that cannot be started. */
    static final Set<What> STARTING = and(RUNNING, What.START_FAILED);

    TemplateRule(String name, String says, Set<What> explains) {
        super(name, says, explains);
    }

    /** Those of a set, and more. */
    static Set<What> and(Set<What> some, What... more) {
        Set<What> all = EnumSet.copyOf(some);
        all.addAll(List.of(more));
        return Collections.unmodifiableSet(all);
    }

    @Override
    public final List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        for (Templates.Field field : Templates.of(world, trouble)) {
            judge(world, trouble, field).ifPresent(links::add);
        }
        return links;
    }

    /** Whether a field that changed before a pod was made explains its trouble. */
    abstract Optional<Link> judge(World world, Trouble trouble, Templates.Field field);
}
