/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.testing;

import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;

/** All that a recording answers: types, lists, objects, histories and coverage, as one text, so that two can be compared. */
public final class WholeAnswer {

    private WholeAnswer() {}

    /** @param cache for copies of the files of a store that is no directory */
    public static String of(Store store, String cluster, Path cache) throws IOException {
        StringBuilder text = new StringBuilder();
        try (History recording =
                Recording.open(store, cluster, new RecordingOptions(cache, 1 << 24, 1 << 24, 1 << 24))) {
            text.append(recording.start()).append("..").append(recording.end()).append('\n');
            recording.coverage(null, Long.MIN_VALUE, Long.MAX_VALUE).forEach(each -> text.append(each)
                    .append('\n'));
            for (ResourceType type : recording.types(Long.MAX_VALUE)) {
                append(recording, type, text);
            }
        }
        return text.toString();
    }

    private static void append(History recording, ResourceType type, StringBuilder text) throws IOException {
        SortedSet<ObjectKey> keys = new TreeSet<>();
        text.append(type)
                .append(" last changed ")
                .append(recording.lastChange(type))
                .append('\n');
        recording.changes(type, "", Long.MIN_VALUE, Long.MAX_VALUE, version -> {
            keys.add(version.key());
            return append(version, text);
        });
        long length = recording.end() - recording.start();
        for (long time : new long[] {recording.start(), recording.start() + length / 2, recording.end()}) {
            text.append("list at ")
                    .append(recording.resourceVersion(type, time))
                    .append('\n');
            recording.list(type, "", null, time, version -> append(version, text));
        }
        if (!keys.isEmpty()) {
            ObjectKey key = keys.last();
            recording.get(key, recording.end()).ifPresent(version -> append(version, text));
            recording.versions(key, Long.MIN_VALUE, Long.MAX_VALUE, version -> append(version, text));
        }
    }

    private static boolean append(ObjectVersion version, StringBuilder text) {
        byte[] body = version.body();
        text.append(version.key())
                .append(' ')
                .append(version.resourceVersion())
                .append(' ')
                .append(version.operation())
                .append(' ')
                .append(version.observedAt())
                .append("..")
                .append(version.validTo())
                .append(' ')
                .append(version.uid())
                .append(' ')
                .append(body.length)
                .append(' ')
                .append(Arrays.hashCode(body))
                .append('\n');
        return true;
    }
}
