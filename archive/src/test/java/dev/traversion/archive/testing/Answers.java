/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.testing;

import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a recording answers, as text, to compare two of them. */
public final class Answers {

    private Answers() {}

    /** The state, types and resourceVersions at a time. */
    public static List<String> at(History history, long time) throws IOException {
        List<String> answers = new ArrayList<>();
        for (ResourceType type : history.types(time)) {
            answers.add(type + " is at " + history.resourceVersion(type, time));
            List<ObjectKey> keys = new ArrayList<>();
            history.list(type, "", null, time, version -> {
                answers.add(text(version));
                keys.add(version.key());
                return true;
            });
            for (ObjectKey key : keys) {
                answers.add(text(history.get(key, time).orElseThrow()));
            }
        }
        return answers;
    }

    /** Every version, by type and by object; all coverage; and where each resourceVersion is found. */
    public static List<String> ofAllTime(History history) throws IOException {
        List<String> answers = new ArrayList<>();
        answers.add(history.start() + " to " + history.end());
        history.coverage(null, Long.MIN_VALUE, Long.MAX_VALUE).forEach(interval -> answers.add(interval.toString()));
        for (ResourceType type : history.types(Long.MAX_VALUE)) {
            answers.add(
                    type + " ends " + history.lastChange(type) + " " + history.resourceVersion(type, Long.MAX_VALUE));
            SortedMap<ObjectKey, String> keys = new TreeMap<>();
            history.changes(type, "", Long.MIN_VALUE, Long.MAX_VALUE, version -> {
                answers.add(text(version));
                keys.put(version.key(), version.resourceVersion());
                return true;
            });
            for (ObjectKey key : keys.keySet()) {
                history.versions(key, Long.MIN_VALUE, Long.MAX_VALUE, version -> {
                    answers.add(text(version));
                    return true;
                });
            }
            for (String version : new TreeSet<>(keys.values())) {
                answers.add(type + " " + version + " was until " + history.timeOf(type, version));
            }
        }
        return answers;
    }

    /** When anything changed. */
    public static List<Long> times(History history) throws IOException {
        TreeSet<Long> times = new TreeSet<>();
        for (ResourceType type : history.types(Long.MAX_VALUE)) {
            history.changes(type, "", Long.MIN_VALUE, Long.MAX_VALUE, version -> times.add(version.observedAt()));
        }
        return List.copyOf(times);
    }

    private static String text(ObjectVersion version) {
        return String.join(
                "|",
                version.key().toString(),
                version.kind(),
                version.uid(),
                version.resourceVersion(),
                Long.toString(version.observedAt()),
                Long.toString(version.validTo()),
                version.operation().name(),
                // Of a carry row it is told without the version before, of a change with it.
                version.operation() == Operation.MODIFIED ? "" : version.fieldManager(),
                Integer.toString(version.bodyLength()),
                Integer.toHexString(Arrays.hashCode(version.body())));
    }
}
