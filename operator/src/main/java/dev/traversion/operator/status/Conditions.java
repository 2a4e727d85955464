/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The conditions of one object, as they become. The time of a transition stays as long as the status does. */
public final class Conditions {

    public static final String TRUE = "True";
    public static final String FALSE = "False";
    public static final String UNKNOWN = "Unknown";

    /** The reason of what is not so because it is not wanted. */
    public static final String PAUSED = "Paused";

    private final List<Condition> before;
    private final Long generation;
    private final Clock clock;
    private final List<Condition> now = new ArrayList<>();

    /**
     * @param before null if there are none yet
     * @param generation that is being looked at
     */
    public Conditions(List<Condition> before, Long generation, Clock clock) {
        this.before = before == null ? List.of() : before;
        this.generation = generation;
        this.clock = clock;
    }

    /**
     * Adds a condition.
     *
     * @param status {@link #TRUE}, {@link #FALSE} or {@link #UNKNOWN}
     * @param reason one word in CamelCase
     * @param message a sentence that says what to do, if there is anything to do
     */
    public Conditions add(String type, String status, String reason, String message) {
        String since = find(before, type)
                .filter(each -> status.equals(each.getStatus()))
                .map(Condition::getLastTransitionTime)
                .orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        now.add(new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withObservedGeneration(generation)
                .withLastTransitionTime(since)
                .build());
        return this;
    }

    public List<Condition> list() {
        return List.copyOf(now);
    }

    /** The condition of a type; conditions may be null. */
    public static Optional<Condition> find(List<Condition> conditions, String type) {
        return conditions == null
                ? Optional.empty()
                : conditions.stream()
                        .filter(each -> type.equals(each.getType()))
                        .findFirst();
    }
}
