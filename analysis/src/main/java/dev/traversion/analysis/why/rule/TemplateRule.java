/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
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
            What.ANSWERS_ERRORS,
            What.LIVENESS_FAILED,
            What.STARTUP_FAILED,
            What.INIT_UNFINISHED,
            What.JOB_UNFINISHED);

    /** The same, and of one that cannot be started. */
    static final Set<What> STARTING = and(RUNNING, What.START_FAILED);

    /** From this strength on, something that was observed names a change. */
    private static final double CLOSE = 0.8;

    /** A change that is not of the kind of what somebody else failed with. */
    private static final double OTHERS = 0.75;

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
        List<Templates.Field> fields = Templates.of(world, trouble);
        boolean isChanged = fields.stream()
                .anyMatch(field -> field.change().operation() == Change.Operation.CHANGED
                        && !field.tail().startsWith("metadata"));
        for (Templates.Field field : fields) {
            judge(world, trouble, field)
                    .map(link -> weighed(link, trouble, isChanged))
                    .ifPresent(links::add);
        }
        return links;
    }

    /**
     * What does not name a field closely is less to blame on it if something of the template was changed since it was created, or if the
     * container only says that somebody else failed.
     */
    private static Link weighed(Link link, Trouble trouble, boolean isChanged) {
        boolean isOpen = link.tier() == Tier.B && link.strength() < CLOSE;
        if (isOpen && isChanged && link.change().operation() == Change.Operation.CREATED) {
            return link.as(Tier.C, link.strength());
        }
        return isOpen && Fitting.isOfOthers(trouble, link.change()) ? link.as(Tier.B, OTHERS * link.strength()) : link;
    }

    /** Whether a field that changed before a pod was made explains its trouble. */
    abstract Optional<Link> judge(World world, Trouble trouble, Templates.Field field);
}
