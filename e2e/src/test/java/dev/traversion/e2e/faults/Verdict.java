/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.History;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.e2e.faults.Oracle.Version;
import dev.traversion.masking.Masking;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A recording, held against the oracle: for each of etcd's words, a line for each version that breaks it.
 *
 * @param expected how many versions were looked at
 * @param missing versions not in the recording, whether in a declared gap or not
 */
record Verdict(int expected, List<String> missing, Map<Word, List<String>> broken) {

    /** @param expected what it must hold; older and newer versions in it do not matter */
    static Verdict of(History recording, Oracle oracle, List<Version> expected, Masking masking) throws IOException {
        return of(recording, oracle::body, expected, masking);
    }

    /** @param bodies what a version holds, as far as known */
    static Verdict of(
            History recording, Function<Version, Optional<String>> bodies, List<Version> expected, Masking masking)
            throws IOException {
        Map<Word, List<String>> broken = new EnumMap<>(Word.class);
        for (Word word : Word.values()) {
            broken.put(word, new ArrayList<>());
        }
        Verdict verdict = new Verdict(expected.size(), new ArrayList<>(), broken);
        Map<ResourceType, List<Version>> byType = new TreeMap<>();
        expected.forEach(each -> byType.computeIfAbsent(each.key().type(), _ -> new ArrayList<>())
                .add(each));
        for (Map.Entry<ResourceType, List<Version>> type : byType.entrySet()) {
            TypeRecord record = TypeRecord.read(
                    recording,
                    type.getKey(),
                    type.getValue().getFirst().revision(),
                    expected.getLast().revision());
            verdict.judge(record, type.getValue(), bodies, masking);
        }
        return verdict;
    }

    private void judge(
            TypeRecord record, List<Version> versions, Function<Version, Optional<String>> bodies, Masking masking)
            throws IOException {
        broken(Word.ORDERED).addAll(record.disordered());
        broken(Word.UNIQUE).addAll(record.twice());
        Map<String, Version> missingOf = new HashMap<>();
        Map<Long, Boolean> revisions = new HashMap<>();
        for (Version version : versions) {
            TypeRecord.Entry found = record.take(version);
            Boolean before = revisions.put(version.revision(), found != null);
            if (before != null && before != (found != null)) {
                broken(Word.ATOMIC).add(version + ": only a part of its revision is recorded");
            }
            if (found == null) {
                missing(record, version);
                missingOf.put(version.key().toString(), version);
                continue;
            }
            if (found.observedAt() >= record.confirmedBefore(version.revision())) {
                broken(Word.BOOKMARKABLE).add(version + ": recorded only after it was confirmed");
            }
            // What a list shows after a gap is new to who has not seen its creation.
            boolean isNew = found.operation() == Operation.ADDED
                    && missingOf.containsKey(version.key().toString());
            if (found.operation() != version.operation() && !isNew) {
                broken(Word.ATOMIC).add(version + ": recorded as " + found.operation());
            }
            Optional<String> body = bodies.apply(version);
            if (body.isPresent() && !record.masked(masking, body.get()).equals(found.body())) {
                broken(Word.ATOMIC).add(version + ": recorded " + found.body() + " instead of " + body.get());
            }
        }
        for (TypeRecord.Entry rest : record.rest()) {
            Version deletion = missingOf.get(rest.key());
            if (!rest.isTombstone() || deletion == null || deletion.revision() > rest.revision()) {
                broken(Word.TRUE).add(rest.key() + " " + rest.operation() + " " + rest.revision());
            }
        }
    }

    private void missing(TypeRecord record, Version version) {
        Optional<String> declared = record.declared(version.revision());
        missing.add(version + declared.map(reason -> " (" + reason + ")").orElse(""));
        if (record.isClaimed(version.revision())) {
            broken(Word.BOOKMARKABLE).add(version + ": confirmed, and not recorded");
            broken(Word.RELIABLE).add(version.toString());
        } else if (declared.isEmpty()) {
            broken(record.isSeam(version.revision()) ? Word.RESUMABLE : Word.RELIABLE)
                    .add(version.toString());
        }
    }

    /** What breaks a word. */
    List<String> broken(Word word) {
        return broken.get(word);
    }

    /** The words that are broken. */
    List<Word> brokenWords() {
        return broken.keySet().stream()
                .filter(word -> !broken.get(word).isEmpty())
                .toList();
    }

    /** Nothing is missing, nothing is wrong. */
    void isWhole() {
        isHonest();
        assertThat(missing).as("missing of %d", expected).isEmpty();
    }

    /** What is missing lies in declared gaps, and nothing is wrong. */
    void isHonest() {
        broken.forEach((word, lines) -> assertThat(lines)
                .as("%s is broken, of %d versions", word, expected)
                .isEmpty());
        assertThat(expected).as("versions looked at").isPositive();
    }
}
