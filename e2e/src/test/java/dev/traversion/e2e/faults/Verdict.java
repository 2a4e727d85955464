/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.History;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.e2e.faults.Oracle.Version;
import dev.traversion.snapshotter.masking.Masking;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A recording, held against the oracle; a line for each version that is not as it should be.
 *
 * @param missing not in the recording
 * @param lost those of the missing which are in no declared gap either
 * @param wrong in the recording, but with another body or operation
 * @param invented in the recording, but not in etcd's history, or twice
 * @param disordered recorded after a newer version of the same type
 */
record Verdict(
        int expected,
        List<String> missing,
        List<String> lost,
        List<String> wrong,
        List<String> invented,
        List<String> disordered) {

    private record Recorded(Operation operation, String body) {}

    /** @param expected what it must hold; older and newer versions in it do not matter */
    static Verdict of(History recording, Oracle oracle, List<Version> expected, Masking masking) throws IOException {
        Verdict verdict = new Verdict(
                expected.size(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>());
        for (ResourceType type : Oracle.types()) {
            List<Version> ofType = expected.stream()
                    .filter(each -> each.key().type().equals(type))
                    .toList();
            if (!ofType.isEmpty()) {
                verdict.judge(
                        recording, oracle, type, ofType, expected.getLast().revision(), masking);
            }
        }
        return verdict;
    }

    private void judge(
            History recording, Oracle oracle, ResourceType type, List<Version> versions, long until, Masking masking)
            throws IOException {
        Map<String, Recorded> recorded =
                recorded(recording, type, versions.getFirst().revision(), until);
        List<CoverageInterval> coverage = recording.coverage(type, Long.MIN_VALUE, Long.MAX_VALUE);
        for (Version version : versions) {
            Recorded found = recorded.remove(version.key() + " " + version.revision());
            if (found == null) {
                missing.add(version.toString());
                if (!isDeclared(version, coverage)) {
                    lost.add(version.toString());
                }
            } else if (found.operation() != version.operation()) {
                wrong.add(version + ": recorded as " + found.operation());
            } else {
                Optional<String> body = oracle.body(version);
                if (body.isPresent() && !masked(masking, type, body.get()).equals(found.body())) {
                    wrong.add(version + ": recorded " + found.body() + " instead of " + body.get());
                }
            }
        }
        invented.addAll(recorded.keySet());
    }

    private Map<String, Recorded> recorded(History recording, ResourceType type, long from, long until)
            throws IOException {
        Map<String, Recorded> recorded = new LinkedHashMap<>();
        long[] newest = {0};
        recording.changes(type, "", Long.MIN_VALUE, Long.MAX_VALUE, version -> {
            long revision = Long.parseLong(version.resourceVersion());
            String name = version.key() + " " + revision;
            // The first list comes in its own order.
            if (revision >= from && revision < newest[0]) {
                disordered.add(name + " after " + newest[0]);
            }
            newest[0] = Math.max(newest[0], revision);
            Recorded content = new Recorded(version.operation(), new String(version.body(), StandardCharsets.UTF_8));
            if (revision >= from && revision <= until && recorded.put(name, content) != null) {
                invented.add(name + ": recorded twice");
            }
            return true;
        });
        return recorded;
    }

    /** Whether the recording says itself that it may lack this version. */
    private static boolean isDeclared(Version version, List<CoverageInterval> coverage) {
        boolean observed = false;
        for (CoverageInterval interval : coverage) {
            boolean covers = isKnown(interval)
                    ? Long.parseLong(interval.fromVersion()) < version.revision()
                            && version.revision() <= Long.parseLong(interval.toVersion())
                    : interval.from() <= version.seenAt() && version.seenAt() < interval.to();
            if (covers && !interval.observed()) {
                return true;
            }
            observed |= covers;
        }
        return !observed;
    }

    private static boolean isKnown(CoverageInterval interval) {
        return !interval.fromVersion().isEmpty() && !interval.toVersion().isEmpty();
    }

    private static String masked(Masking masking, ResourceType type, String body) throws IOException {
        return new String(masking.apply(type, body.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    /** Nothing is missing, nothing is wrong. */
    void isWhole() {
        assertThat(missing).as("missing of %d", expected).isEmpty();
        isHonest();
    }

    /** What is missing lies in declared gaps, and nothing is wrong. */
    void isHonest() {
        assertThat(lost).as("missing without a word, of %d", expected).isEmpty();
        assertThat(wrong).as("recorded wrongly").isEmpty();
        assertThat(invented).as("recorded, but never there").isEmpty();
        assertThat(disordered).as("recorded out of order").isEmpty();
        assertThat(expected).as("versions looked at").isPositive();
    }
}
