/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.wal;

import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.coverage.CoverageFold;
import dev.traversion.archive.coverage.CoverageFolds;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What can still be read of the segments that are not sealed. Blocks of a segment refer to earlier ones, so of a damaged segment it is
 * what comes before the damage; segments do not refer to each other. For one thread.
 */
public final class WalSalvage {

    /**
     * Where something is missing.
     *
     * @param path of a segment in the store
     * @param from the last time known before it, ns; {@link Long#MIN_VALUE} if none is
     * @param what is wrong, a sentence
     */
    public record Damage(String path, long from, String what) {}

    private final Tail tail = new Tail();
    private final CoverageFolds coverage = new CoverageFolds();
    private final List<Damage> damages = new ArrayList<>();
    private final List<String> torn = new ArrayList<>();
    private final Map<String, SegmentName> last = new TreeMap<>();
    private final List<TailEntry> entries = new ArrayList<>();
    private long firstTime = Long.MAX_VALUE;
    private long lastTime = Long.MIN_VALUE;

    private WalSalvage() {}

    /**
     * Reads all of it.
     *
     * @param prefix of the log in the store
     * @param sealed what is in parts already, by writer
     */
    public static WalSalvage read(Store store, String prefix, Map<String, SegmentName> sealed) throws IOException {
        NavigableMap<SegmentName, String> found = new TreeMap<>();
        for (StoredFile file : store.list(prefix)) {
            SegmentName.parse(file.path())
                    .filter(name -> !name.isUpTo(sealed.get(name.writer())))
                    .ifPresent(name -> found.put(name, file.path()));
        }
        WalSalvage salvage = new WalSalvage();
        for (Map.Entry<SegmentName, String> segment : found.entrySet()) {
            SegmentName next = found.higherKey(segment.getKey());
            boolean isLast =
                    next == null || !next.writer().equals(segment.getKey().writer());
            SegmentName before = salvage.last.getOrDefault(
                    segment.getKey().writer(), sealed.get(segment.getKey().writer()));
            if (!segment.getKey().follows(before)) {
                salvage.damaged(segment.getValue(), "the segment before it is missing");
            }
            salvage.read(store, segment.getKey(), segment.getValue(), isLast);
        }
        // Times rise within a type, whoever recorded it.
        salvage.entries.sort(Comparator.comparingLong(TailEntry::observedAt));
        salvage.entries.forEach(salvage.tail::add);
        return salvage;
    }

    private void read(Store store, SegmentName name, String path, boolean isLast) throws IOException {
        ByteBuffer bytes;
        try (InputStream in = store.read(path)) {
            bytes = ByteBuffer.wrap(in.readAllBytes());
        }
        SegmentReader reader = new SegmentReader(store.location() + "/" + path, new SegmentReader.Bytes() {
            @Override
            public long size() {
                return bytes.limit();
            }

            @Override
            public ByteBuffer read(long offset, int length) {
                return bytes.slice((int) offset, length);
            }
        });
        CoverageFold fold = coverage.of(name.writer());
        last.put(name.writer(), name);
        try {
            reader.poll(new SegmentReader.Records() {
                @Override
                public void change(TailEntry entry) {
                    entries.add(entry);
                    fold.changed(entry.key().type(), entry.observedAt());
                    firstTime = Math.min(firstTime, entry.observedAt());
                    lastTime = Math.max(lastTime, entry.observedAt());
                }

                @Override
                public void mark(CoverageMark mark) {
                    fold.add(mark);
                    lastTime = Math.max(lastTime, mark.at());
                }
            });
            if (reader.isFence()) {
                last.put(name.writer(), name.lastOfEpoch());
            }
            if (!reader.ended() && !isLast) {
                damaged(path, "it is cut off at byte " + reader.position() + ", although the log goes on after it");
            } else if (!reader.ended() && bytes.limit() > reader.position()) {
                torn.add(path);
            }
        } catch (RuntimeException e) {
            damaged(path, "from byte " + reader.position() + " on it cannot be read");
        }
    }

    private void damaged(String path, String what) {
        damages.add(new Damage(path, lastTime, what));
    }

    public Tail tail() {
        return tail;
    }

    public CoverageFolds coverage() {
        return coverage;
    }

    /** When the earliest change was observed, ns; {@link Long#MAX_VALUE} if there is none. */
    public long firstTime() {
        return firstTime;
    }

    /** The newest time, of changes and marks, ns; {@link Long#MIN_VALUE} if there is none. */
    public long lastTime() {
        return lastTime;
    }

    /** What is missing, oldest first within a writer's log. */
    public List<Damage> damages() {
        return List.copyOf(damages);
    }

    /** Segments that end with a write which a crash broke off. */
    public List<String> torn() {
        return List.copyOf(torn);
    }

    /** The last segment of each writer, readable or not, by writer. */
    public Map<String, SegmentName> lastSegments() {
        return Map.copyOf(last);
    }
}
