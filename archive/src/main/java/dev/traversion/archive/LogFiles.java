/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import dev.traversion.archive.members.MemberFiles;
import dev.traversion.archive.members.MemberId;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.archive.wal.LogCopies;
import dev.traversion.archive.wal.SegmentName;
import dev.traversion.archive.wal.WalFollower;
import dev.traversion.archive.wal.WalLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The files of a recorder's log: on this machine, in the recording itself if that is here, too, and else copied to it. */
final class LogFiles {

    private final Store store;
    private final Store here;
    private final Layout layout;
    private final String writer;
    private final LogCopies copies;

    /** @param shared whether others write to the recording, too: then the log is not in it, even if it is on this machine */
    LogFiles(Store store, Layout layout, WriterOptions options, boolean shared) throws IOException {
        boolean inRecording = !shared && store.local(layout.wal()).isPresent();
        this.store = store;
        this.here = inRecording ? store : new FileStore(options.stateDirectory());
        this.layout = layout;
        this.writer = options.writer();
        this.copies = inRecording ? null : new LogCopies(store, here, layout.wal(), writer);
    }

    /** The log of a recorder that was alone in a directory of this machine, and is not there any more, is ended. */
    static void endLeftOpen(Path logs) throws IOException {
        WalLock alone = WalLock.take(logs);
        try (alone;
                Stream<Path> writers = Files.list(logs)) {
            for (Path writer : writers.filter(Files::isDirectory).toList()) {
                WalFollower.recover(writer);
            }
        }
    }

    /** Where they are written. */
    Store here() {
        return here;
    }

    /** Where they are written, for people. */
    String location() {
        return here.location() + "/" + layout.wal();
    }

    /** Of this machine. */
    Path local(String path) {
        return here.local(path).orElseThrow();
    }

    /** Where this recorder's are written. */
    Path directory() {
        return local(layout.wal() + writer);
    }

    boolean areCopied() {
        return copies != null;
    }

    /** How large they are on this machine, bytes; those of others in the same directory included. */
    long bytes() throws IOException {
        long bytes = 0;
        for (StoredFile file : here.list(layout.wal())) {
            bytes += file.size();
        }
        return bytes;
    }

    /** Bytes of the others' in the store. */
    long othersBytes() throws IOException {
        return copies.othersBytes();
    }

    /**
     * Of this writer: what is in the log, here or in the store, and what was sealed.
     *
     * @param sealed up to where each log was sealed
     */
    long newestEpoch(Map<String, SegmentName> sealed) throws IOException {
        long epoch = 0;
        for (Store place : areCopied() ? List.of(here, store) : List.of(here)) {
            for (StoredFile file : place.list(layout.wal())) {
                epoch = Math.max(
                        epoch,
                        SegmentName.parse(file.path()).map(SegmentName::epoch).orElse(0L));
            }
        }
        for (SegmentName position : sealed.values()) {
            epoch = Math.max(epoch, position.epoch());
        }
        for (MemberId member : new MemberFiles(store, layout).list().keySet()) {
            epoch = Math.max(epoch, member.epoch());
        }
        return epoch;
    }

    /** Copies what the logs of earlier lives of this recorder hold. */
    void finishEarlier(Map<String, SegmentName> sealed, long epoch) throws IOException {
        if (areCopied()) {
            copies.finishEarlier(sealed, epoch);
        }
    }

    /** Copies those that have ended to the store. */
    void upload(Predicate<SegmentName> ended) throws IOException {
        copies.upload(ended);
    }

    /**
     * Up to where there is something to seal, by writer. What is copied is sealed as it is in the store, by whoever commits, since what
     * is not there may be kept out of it.
     *
     * @param last of this writer, null if it has written nothing; there may be what an earlier one left
     */
    Map<String, SegmentName> upTo(SegmentName last, Map<String, SegmentName> sealed) throws IOException {
        if (areCopied()) {
            return copies.fetch(sealed);
        }
        Map<String, SegmentName> upTo = new TreeMap<>();
        for (StoredFile file : here.list(layout.wal())) {
            SegmentName.parse(file.path()).ifPresent(name -> upTo.put(name.writer(), name));
        }
        if (last != null) {
            upTo.put(last.writer(), last);
        }
        return upTo;
    }

    /** Deletes those that are sealed from here, and, if asked to, from the store. */
    void delete(Map<String, SegmentName> sealed, boolean fromStore) throws IOException {
        if (areCopied()) {
            copies.delete(sealed, fromStore);
            return;
        }
        for (StoredFile file : here.list(layout.wal())) {
            Optional<SegmentName> name = SegmentName.parse(file.path());
            if (name.isPresent() && name.get().isUpTo(sealed.get(name.get().writer()))) {
                here.delete(file.path());
            }
        }
    }
}
