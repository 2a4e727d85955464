/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.wal;

import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.coverage.CoverageFold;
import dev.traversion.archive.coverage.CoverageFolds;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads the segments that are not sealed yet into a {@link Tail}, and follows them while they grow. For one thread. */
public final class WalFollower implements AutoCloseable {

    private static final class Followed implements AutoCloseable {
        final SegmentReader reader;
        private final AutoCloseable bytes;

        Followed(SegmentReader reader, AutoCloseable bytes) {
            this.reader = reader;
            this.bytes = bytes;
        }

        @Override
        public void close() throws IOException {
            try {
                bytes.close();
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static final Logger LOG = System.getLogger(WalFollower.class.getName());

    private final Store store;
    private final String prefix;
    private final Map<SegmentName, Followed> segments = new TreeMap<>();
    private Tail tail = new Tail();
    private CoverageFolds coverage = new CoverageFolds();
    private long firstTime = Long.MAX_VALUE;
    private long lastTime = Long.MIN_VALUE;

    /** @param prefix of the log in the store, {@code clusters/<id>/wal/} */
    public WalFollower(Store store, String prefix) {
        this.store = store;
        this.prefix = prefix;
    }

    /** The changes of the unsealed segments; grows with {@link #poll}, until something was sealed: then there is another. */
    public Tail tail() {
        return tail;
    }

    /** What the unsealed segments say of coverage. */
    public CoverageFolds coverage() {
        return coverage;
    }

    /** When the earliest change was observed, ns; {@link Long#MAX_VALUE} if there is none. */
    public long firstTime() {
        return firstTime;
    }

    /** The newest time in the log, of changes and marks, ns; {@link Long#MIN_VALUE} if there is none. */
    public long lastTime() {
        return lastTime;
    }

    /** The last segment of each writer that was read, by writer; behind a {@linkplain WalFence fence} nothing can follow. */
    public Map<String, SegmentName> lastSegments() {
        Map<String, SegmentName> last = new HashMap<>();
        segments.forEach(
                (name, followed) -> last.put(name.writer(), followed.reader.isFence() ? name.lastOfEpoch() : name));
        return last;
    }

    /**
     * Reads what is new.
     *
     * @param sealed what is in parts already, by writer
     * @param upTo only segments up to these, by writer; null for all
     * @return whether there was anything new
     * @throws java.nio.file.NoSuchFileException if a segment was sealed and deleted meanwhile: load the commits again
     */
    public boolean poll(Map<String, SegmentName> sealed, Map<String, SegmentName> upTo) throws IOException {
        boolean changed = false;
        if (segments.keySet().stream().anyMatch(name -> name.isUpTo(sealed.get(name.writer())))) {
            reset();
            changed = true;
        }
        NavigableMap<SegmentName, String> found = list(sealed, upTo);
        checkHoles(found.keySet(), sealed);
        List<TailEntry> fresh = new ArrayList<>();
        try {
            changed |= poll(found, fresh);
        } finally {
            // Also of a log that is damaged further on.
            addToTail(fresh);
        }
        return changed;
    }

    private boolean poll(NavigableMap<SegmentName, String> found, List<TailEntry> fresh) throws IOException {
        boolean changed = false;
        for (Map.Entry<SegmentName, String> segment : found.entrySet()) {
            Followed followed = segments.get(segment.getKey());
            if (followed == null) {
                followed = open(segment.getValue());
                segments.put(segment.getKey(), followed);
                changed = true;
            }
            changed |= poll(segment.getKey().writer(), followed, fresh);
            SegmentName next = found.higherKey(segment.getKey());
            boolean followedByAnother =
                    next != null && next.writer().equals(segment.getKey().writer());
            if (followedByAnother && !followed.reader.ended()) {
                throw new TraversionException(store.location() + "/" + segment.getValue() + " is cut off at byte "
                        + followed.reader.position() + " although the log goes on after it: the file is damaged.");
            }
        }
        return changed;
    }

    /**
     * Times rise within the changes of a type, whoever recorded them: who takes over a type begins after all that is visible. So the
     * order of time is the right one among several logs, which are read one after the other.
     */
    private void addToTail(List<TailEntry> fresh) {
        if (segments.keySet().stream().map(SegmentName::writer).distinct().count() > 1) {
            fresh.sort(Comparator.comparingLong(TailEntry::observedAt));
        }
        fresh.forEach(tail::add);
    }

    private boolean poll(String writer, Followed followed, List<TailEntry> fresh) throws IOException {
        if (followed.reader.ended()) {
            return false;
        }
        long before = followed.reader.position();
        CoverageFold fold = coverage.of(writer);
        followed.reader.poll(new SegmentReader.Records() {
            @Override
            public void change(TailEntry entry) {
                fresh.add(entry);
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
        if (followed.reader.ended()) {
            followed.close();
        }
        return followed.reader.position() != before;
    }

    private NavigableMap<SegmentName, String> list(Map<String, SegmentName> sealed, Map<String, SegmentName> upTo)
            throws IOException {
        NavigableMap<SegmentName, String> found = new TreeMap<>();
        for (StoredFile file : store.list(prefix)) {
            SegmentName.parse(file.path())
                    .filter(name -> !name.isUpTo(sealed.get(name.writer())))
                    .filter(name -> upTo == null || name.isUpTo(upTo.get(name.writer())))
                    .ifPresent(name -> found.put(name, file.path()));
        }
        return found;
    }

    /** Segments of an epoch are numbered without holes: what is not there was sealed and deleted meanwhile, or is lost. */
    private void checkHoles(Set<SegmentName> found, Map<String, SegmentName> sealed) throws IOException {
        SegmentName before = null;
        for (SegmentName name : found) {
            if (before == null || !before.writer().equals(name.writer())) {
                before = sealed.get(name.writer());
            }
            boolean sameEpoch = before != null && before.epoch() == name.epoch();
            long expected = sameEpoch ? before.sequence() + 1 : 0;
            if (name.sequence() != expected) {
                String missing = new SegmentName(name.writer(), name.epoch(), expected).fileName();
                throw new NoSuchFileException(store.location() + "/" + prefix + name.writer() + "/" + missing);
            }
            before = name;
        }
    }

    private Followed open(String path) throws IOException {
        String name = store.location() + "/" + path;
        Optional<Path> local = store.local(path);
        if (local.isPresent()) {
            FileChannel channel = FileChannel.open(local.get(), StandardOpenOption.READ);
            return new Followed(new SegmentReader(name, new ChannelBytes(channel)), channel);
        }
        // Segments in a bucket are complete: they are uploaded after their end.
        try (InputStream in = store.read(path)) {
            ByteBuffer bytes = ByteBuffer.wrap(in.readAllBytes());
            return new Followed(new SegmentReader(name, new ArrayBytes(bytes)), () -> {});
        }
    }

    private record ChannelBytes(FileChannel channel) implements SegmentReader.Bytes {
        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public ByteBuffer read(long offset, int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(length);
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, offset + buffer.position()) < 0) {
                    throw new IOException("the segment became shorter while it was read");
                }
            }
            return buffer.flip();
        }
    }

    private record ArrayBytes(ByteBuffer bytes) implements SegmentReader.Bytes {
        @Override
        public long size() {
            return bytes.limit();
        }

        @Override
        public ByteBuffer read(long offset, int length) {
            return bytes.slice((int) offset, length);
        }
    }

    private void reset() throws IOException {
        close();
        tail = new Tail();
        coverage = new CoverageFolds();
        firstTime = Long.MAX_VALUE;
        lastTime = Long.MIN_VALUE;
    }

    @Override
    public void close() throws IOException {
        for (Followed followed : List.copyOf(segments.values())) {
            followed.close();
        }
        segments.clear();
    }

    /** How many bytes at the end of segments are not whole, by path; of segments without such bytes nothing. */
    public Map<String, Long> unread() throws IOException {
        Map<String, Long> unread = new TreeMap<>();
        for (StoredFile file : store.list(prefix)) {
            Optional<Followed> followed = SegmentName.parse(file.path()).map(segments::get);
            if (followed.isPresent() && file.size() > followed.get().reader.position()) {
                unread.put(file.path(), file.size() - followed.get().reader.position());
            }
        }
        return unread;
    }

    /** Ends the segments of a directory which a crash left open. */
    public static void recover(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Optional<SegmentName> name = SegmentName.parse(file.toString());
                if (name.isPresent()) {
                    recoverSegment(file, name.get());
                }
            }
        }
    }

    private static void recoverSegment(Path file, SegmentName name) throws IOException {
        SegmentReader reader;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            reader = new SegmentReader(file.toString(), new ChannelBytes(channel));
            reader.poll(new SegmentReader.Records() {
                @Override
                public void change(TailEntry entry) {}

                @Override
                public void mark(CoverageMark mark) {}
            });
        }
        long size = Files.size(file);
        if (reader.position() == 0) {
            if (size > SegmentFormat.fileHeader(name).length) {
                throw new TraversionException(
                        file + " has no header but " + size
                                + " bytes: the file is damaged. Restore it from a backup, or move it away to record without it.");
            }
            // Not even its header was on the disk: nothing was ever recorded in it.
            Files.delete(file);
        } else if (!reader.ended()) {
            if (size > reader.position()) {
                LOG.log(
                        Level.WARNING,
                        "cutting off {0} bytes at the end of {1}, which a crash left unfinished",
                        size - reader.position(),
                        file);
            }
            SegmentWriter.complete(file, reader.position());
        }
    }
}
