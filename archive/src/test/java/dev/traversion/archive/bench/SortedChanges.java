/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.bench;

import dev.traversion.archive.Change;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.part.RawVersion;
import dev.traversion.archive.testing.SyntheticCluster;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A synthetic stream with its bodies in a file, so that a large one can be put into the order of a part. */
final class SortedChanges {

    private final MemorySegment bodies;
    private final long rawBytes;
    private final TreeMap<ObjectKey, List<Row>> keys = new TreeMap<>();
    private final long start;
    private final long end;
    private final int rows;

    /** @param file for the bodies; to be deleted by the caller */
    SortedChanges(Path file, long seed, int objects, int changes) throws IOException {
        this(file, new SyntheticCluster(seed, objects, 50_000_000), changes, true);
    }

    /** @param first whether every object there is comes first, besides the changes */
    SortedChanges(Path file, SyntheticCluster cluster, int changes, boolean first) throws IOException {
        rows = (first ? cluster.initialChanges() : 0) + changes;
        long offset = 0;
        long last = 0;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            for (int i = 0; i < rows; i++) {
                Change change = cluster.next();
                out.write(change.body());
                keys.computeIfAbsent(change.key(), key -> new ArrayList<>(4))
                        .add(new Row(
                                change.kind(),
                                change.uid(),
                                change.resourceVersion(),
                                change.observedAt(),
                                change.operation(),
                                offset,
                                change.body().length));
                offset += change.body().length;
                last = change.observedAt();
            }
        }
        rawBytes = offset;
        start = SyntheticCluster.begin();
        end = last;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            bodies = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
        }
    }

    int rows() {
        return rows;
    }

    long rawBytes() {
        return rawBytes;
    }

    long start() {
        return start;
    }

    long end() {
        return end;
    }

    List<ObjectKey> keys() {
        return List.copyOf(keys.keySet());
    }

    /** Receives versions in the order of a part. */
    interface Target {
        void add(RawVersion version) throws IOException;
    }

    void forEach(Target target) throws IOException {
        for (Map.Entry<ObjectKey, List<Row>> entry : keys.entrySet()) {
            List<Row> versions = entry.getValue();
            for (int i = 0; i < versions.size(); i++) {
                Row row = versions.get(i);
                long validTo = i + 1 < versions.size() ? versions.get(i + 1).observedAt : Long.MAX_VALUE;
                byte[] body = new byte[row.length];
                MemorySegment.copy(bodies, ValueLayout.JAVA_BYTE, row.offset, body, 0, row.length);
                target.add(new RawVersion(
                        entry.getKey(),
                        row.kind,
                        row.uid,
                        row.resourceVersion,
                        row.observedAt,
                        validTo,
                        row.operation,
                        body));
            }
        }
    }

    private record Row(
            String kind,
            String uid,
            String resourceVersion,
            long observedAt,
            Operation operation,
            long offset,
            int length) {}
}
