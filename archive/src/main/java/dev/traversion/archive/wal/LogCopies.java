/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.wal;

import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The logs in a store and this machine's directory of them: segments of ours that have ended are copied there, in their order, and
 * those of others from there to be sealed. For one thread at a time.
 */
public final class LogCopies {

    private static final Logger LOG = System.getLogger(LogCopies.class.getName());

    private final Store store;
    private final Store local;
    private final String prefix;
    private final String writer;
    private final Set<SegmentName> uploaded = new HashSet<>();

    /**
     * @param local a directory of this machine
     * @param prefix of the logs in both
     * @param writer the name of ours
     */
    public LogCopies(Store store, Store local, String prefix, String writer) {
        this.store = store;
        this.local = local;
        this.prefix = prefix;
        this.writer = writer;
    }

    /**
     * Copies our segments, as far as they have ended.
     *
     * @throws KeptOutException if nothing can be added to our log in the store any more
     */
    public void upload(Predicate<SegmentName> ended) throws IOException {
        for (StoredFile file : local.list(prefix + writer + "/")) {
            SegmentName name = SegmentName.parse(file.path()).orElse(null);
            if (name == null || uploaded.contains(name) || !ended.test(name)) {
                continue;
            }
            try {
                store.create(file.path(), path(file.path()));
            } catch (FileAlreadyExistsException e) {
                // Ours, if an answer was lost.
                if (!isSame(file.path())) {
                    throw new KeptOutException(
                            "The log of " + writer + " in " + store.location()
                                    + " was ended by others, who did not hear of this recorder for a while and go on without it.");
                }
            }
            uploaded.add(name);
        }
    }

    private boolean isSame(String path) throws IOException {
        try (InputStream in = store.read(path)) {
            return Arrays.equals(in.readAllBytes(), Files.readAllBytes(path(path)));
        }
    }

    /**
     * Copies what an earlier run of this recorder left here. If the others went on without it meanwhile, nobody reads it any more: it is
     * set aside, since it may hold what they could not see.
     *
     * @param sealed the last segment of each writer that is committed
     * @param epoch of this run
     */
    public void finishEarlier(Map<String, SegmentName> sealed, long epoch) throws IOException {
        SegmentName position = sealed.get(writer);
        try {
            if (position != null && position.equals(position.lastOfEpoch())) {
                refuse(position);
            }
            upload(name -> name.epoch() < epoch);
        } catch (KeptOutException e) {
            setAside(epoch);
        }
    }

    private void refuse(SegmentName position) throws IOException {
        for (StoredFile file : local.list(prefix + writer + "/")) {
            if (SegmentName.parse(file.path())
                    .filter(each -> each.isUpTo(position))
                    .isPresent()) {
                throw new KeptOutException(file.path() + " came too late");
            }
        }
    }

    private void setAside(long epoch) throws IOException {
        Path aside = path(prefix).resolveSibling("set-aside").resolve(writer);
        Files.createDirectories(aside);
        try (Stream<Path> before = Files.list(aside)) {
            for (Path file : before.toList()) {
                Files.delete(file);
            }
        }
        for (StoredFile file : local.list(prefix + writer + "/")) {
            if (SegmentName.parse(file.path())
                    .filter(each -> each.epoch() < epoch && !uploaded.contains(each))
                    .isPresent()) {
                Path segment = path(file.path());
                Files.move(segment, aside.resolve(segment.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        LOG.log(
                Level.WARNING,
                "what this recorder had not copied to {0} when others went on without it is set aside in {1}",
                store.location(),
                aside);
    }

    /**
     * Copies the others' segments here.
     *
     * @param sealed what is not needed any more, by writer
     * @return the last segment of each writer in the store that is not sealed
     * @throws KeptOutException if our own log was ended
     */
    public Map<String, SegmentName> fetch(Map<String, SegmentName> sealed) throws IOException {
        Map<String, SegmentName> last = new TreeMap<>();
        for (StoredFile file : store.list(prefix)) {
            SegmentName name = SegmentName.parse(file.path()).orElse(null);
            if (name == null || name.isUpTo(sealed.get(name.writer()))) {
                continue;
            }
            if (!Files.exists(path(file.path()))) {
                try (InputStream in = store.read(file.path())) {
                    local.create(file.path(), in.readAllBytes());
                }
            } else if (name.writer().equals(writer) && !uploaded.contains(name)) {
                throw new KeptOutException("The log of " + writer + " was ended by others at " + file.path() + ".");
            }
            last.put(name.writer(), name);
        }
        return last;
    }

    /** Deletes the segments up to these from the store, if asked to, and from here. */
    public void delete(Map<String, SegmentName> sealed, boolean fromStore) throws IOException {
        for (Store place : fromStore ? List.of(store, local) : List.of(local)) {
            for (StoredFile file : place.list(prefix)) {
                SegmentName name = SegmentName.parse(file.path()).orElse(null);
                if (name != null && name.isUpTo(sealed.get(name.writer()))) {
                    place.delete(file.path());
                    uploaded.remove(name);
                }
            }
        }
    }

    /** Bytes of the others' segments in the store. */
    public long othersBytes() throws IOException {
        return store.list(prefix).stream()
                .filter(file -> SegmentName.parse(file.path())
                        .filter(name -> !name.writer().equals(writer) && !WalFence.isFence(file, name))
                        .isPresent())
                .mapToLong(StoredFile::size)
                .sum();
    }

    private Path path(String path) {
        return local.local(path).orElseThrow();
    }
}
