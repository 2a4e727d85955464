/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.differential;

import dev.traversion.e2e.cluster.Command.Completed;
import dev.traversion.e2e.cluster.Kubectl;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs the same command against a cluster and its past, and compares all that it writes, and its exit status. Safe for use by several threads. */
final class TextComparison {

    /** How often the cluster may move under the comparison. */
    private static final int ATTEMPTS = 15;

    /** How often the past may differ from a cluster that holds still: a change takes its time to be recorded. */
    private static final int MISSES = 3;

    private final Kubectl live;
    private final Kubectl past;
    private final MaskedText masked;
    private final AtomicInteger made = new AtomicInteger();

    TextComparison(Kubectl live, Kubectl past, MaskedText masked) {
        this.live = live;
        this.past = past;
        this.masked = masked;
    }

    /** How many comparisons were made. */
    int made() {
        return made.get();
    }

    /**
     * @param resource whose secrets may show, or empty
     * @return what differs
     */
    Optional<String> differences(String resource, String... arguments) throws Exception {
        made.incrementAndGet();
        int misses = 0;
        for (int i = 0; i < ATTEMPTS; i++) {
            String before = text(live.run(arguments));
            String then = text(past.run(arguments));
            if (then.equals(before)) {
                return Optional.empty();
            }
            String after = text(live.run(arguments));
            if (!resource.isEmpty()) {
                before = masked.apply(resource, before);
                after = masked.apply(resource, after);
            }
            Ages agesBefore = Ages.of(before);
            Ages agesAfter = Ages.of(after);
            if (agesBefore.rest().equals(agesAfter.rest())) {
                if (then.equals(before) || Ages.of(then).isBetween(agesBefore, agesAfter)) {
                    return Optional.empty();
                }
                if (++misses == MISSES) {
                    return Optional.of("kubectl " + String.join(" ", arguments) + "\n" + difference(before, then));
                }
            }
            Thread.sleep(100L * (i + 1));
        }
        return Optional.of("kubectl " + String.join(" ", arguments) + "\n  the cluster did not hold still");
    }

    private static String text(Completed completed) {
        return completed.out() + "\n--- errors:\n" + completed.err() + "\n--- status: " + completed.status();
    }

    /** The lines between the first and the last that differ. */
    private static String difference(String live, String past) {
        List<String> a = Arrays.asList(live.split("\n", -1));
        List<String> b = Arrays.asList(past.split("\n", -1));
        int start = 0;
        while (start < Math.min(a.size(), b.size()) && a.get(start).equals(b.get(start))) {
            start++;
        }
        int end = 0;
        while (end < Math.min(a.size(), b.size()) - start
                && a.get(a.size() - 1 - end).equals(b.get(b.size() - 1 - end))) {
            end++;
        }
        return lines("  live: ", a.subList(start, a.size() - end))
                + lines("  past: ", b.subList(start, b.size() - end));
    }

    private static String lines(String prefix, List<String> lines) {
        StringBuilder text = new StringBuilder();
        for (String line : lines.subList(0, Math.min(lines.size(), 8))) {
            text.append(prefix).append(line, 0, Math.min(line.length(), 1_000)).append('\n');
        }
        return text.toString();
    }
}
