/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.cluster;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;

/** A part tests need: it can be had, or there is a reason why not. Closing it ends what was started for it. */
sealed interface Part<T> extends AutoCloseable {

    /** @param release ends what was started for the part, if anything was */
    record Present<T>(T value, Runnable release) implements Part<T> {

        @Override
        public void close() {
            release.run();
        }
    }

    /** @param reason a sentence that begins with what is missing */
    record Absent<T>(String reason) implements Part<T> {

        @Override
        public void close() {}
    }

    @Override
    void close();

    /** Whether tests that need the part can run. */
    default ConditionEvaluationResult condition() {
        return switch (this) {
            case Present<T> present -> ConditionEvaluationResult.enabled("present");
            case Absent<T>(String reason) -> ConditionEvaluationResult.disabled(reason);
        };
    }

    /** The part, which the condition has found present before any test runs. */
    default T get() {
        return switch (this) {
            case Present<T>(T value, Runnable release) -> value;
            case Absent<T>(String reason) -> throw new IllegalStateException(reason);
        };
    }
}
