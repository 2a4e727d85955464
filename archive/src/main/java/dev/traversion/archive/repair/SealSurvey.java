/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.repair;

import com.fasterxml.jackson.core.JacksonException;
import dev.traversion.archive.Layout;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.erasure.Proof;
import dev.traversion.archive.json.StampedJson;
import dev.traversion.archive.json.StoredJson;
import dev.traversion.archive.seal.Removal;
import dev.traversion.archive.seal.Seal;
import dev.traversion.archive.seal.Seal.SealedFile;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.wal.SegmentName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the seals of a recording say, as far as they can be trusted. */
final class SealSurvey {

    private final Store store;
    private final Layout layout;
    private final Set<String> there;
    private final Map<String, SealedFile> files = new TreeMap<>();
    private final Map<String, Integer> sealOf = new TreeMap<>();
    private final Map<String, SealedFile> nodes = new TreeMap<>();
    private final Map<String, SegmentName> segments = new TreeMap<>();
    private final Set<String> damaged = new TreeSet<>();
    private final Set<String> missing = new TreeSet<>();

    /** Files that are whole by their own checksums and not what a seal says, by its path. */
    private final Map<String, String> differing = new TreeMap<>();

    private final Set<String> removed = new TreeSet<>();
    private final Set<String> removals = new TreeSet<>();

    /** Of what this seal and those before it name, only what is in use is kept. */
    private int removedUpTo;

    private SealSurvey(Store store, Layout layout, Set<String> there) {
        this.there = there;
        this.store = store;
        this.layout = layout;
    }

    /**
     * @param there all files of the recording
     * @param newest number of the newest commit
     */
    static SealSurvey of(Store store, Layout layout, Set<String> there, int newest) throws IOException {
        SealSurvey survey = new SealSurvey(store, layout, there);
        survey.read(newest);
        return survey;
    }

    private void read(int newest) throws IOException {
        Seal later = null;
        for (int number = newest; number >= 2; number--) {
            String path = layout.seal(number);
            Optional<byte[]> content = bytes(path);
            if (content.isEmpty()) {
                if (later != null) {
                    missing.add(path);
                }
                later = null;
                continue;
            }
            Seal seal = parse(content.get(), number);
            // The seal after it holds its hash; of the newest one nobody does.
            boolean isWhole = seal != null
                    && (later == null
                            || later.previous().isEmpty()
                            || later.previous().equals(Seal.sha256(content.get())));
            if (isWhole) {
                add(seal);
            } else {
                damaged.add(path);
            }
            later = isWhole ? seal : null;
        }
        damaged.removeIf(path -> removed.contains(path));
        missing.removeIf(path -> removed.contains(path));
    }

    private Seal parse(byte[] content, int number) throws IOException {
        try {
            Seal seal = StoredJson.read(StampedJson.check(content, layout.seal(number)), Seal.class);
            boolean isSeal = seal.number() == number && seal.files() != null && seal.wal() != null;
            return isSeal && seal.previous() != null ? seal : null;
        } catch (JacksonException | TraversionException e) {
            System.getLogger(SealSurvey.class.getName())
                    .log(System.Logger.Level.DEBUG, layout.seal(number) + " is damaged", e);
            return null;
        }
    }

    private void add(Seal seal) throws IOException {
        // From the newest to the oldest: as they were when they were named first.
        seal.nodes().forEach(file -> nodes.put(layout.root() + file.path(), file));
        for (SealedFile file : seal.files()) {
            String path = layout.root() + file.path();
            files.putIfAbsent(path, file);
            sealOf.putIfAbsent(path, seal.number());
            if (file.path().startsWith(Removal.FOLDER)) {
                removals.add(path);
                Optional<byte[]> content = bytes(path);
                try {
                    if (content.isPresent()) {
                        Removal told = StoredJson.read(StampedJson.check(content.get(), path), Removal.class);
                        removed.addAll(told.files());
                        removedUpTo = Math.max(removedUpTo, told.upTo());
                    }
                } catch (JacksonException | TraversionException e) {
                    // A file that is damaged, as any other that is sealed.
                    removals.remove(path);
                }
            }
        }
        seal.wal().forEach((writer, position) -> {
            String[] numbers = position.split("-", 2);
            SegmentName name = new SegmentName(writer, Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
            segments.merge(writer, name, (one, other) -> one.compareTo(other) > 0 ? one : other);
        });
    }

    /** Whether a file is there and, if it is sealed, what was sealed. */
    boolean isWhole(String path) throws IOException {
        try {
            SealedFile now = SealedFile.of(store, layout.root(), path);
            SealedFile sealed = files.get(path);
            return sealed == null || sealed.equals(now);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Takes notice of a file that is whole by its own checksums, and not what a seal says: what the seal tells is of no use then. */
    void isNotWhatWasSealed(String path) {
        int number = sealOf.get(path);
        damaged.add(layout.seal(number));
        differing.put(layout.seal(number), path);
        files.keySet().removeIf(file -> sealOf.get(file) == number);
    }

    /** The file that is not what a seal says, though its own checksums hold; {@code ""} if it is the seal that is damaged. */
    String differing(String seal) {
        return differing.getOrDefault(seal, "");
    }

    /** Files that a seal names, whether they are removed or not, under a folder. */
    Set<String> named(String folder) {
        return files.keySet().stream().filter(path -> path.startsWith(folder)).collect(Collectors.toSet());
    }

    /** Sealed files that are not removed, under a folder. */
    Set<String> sealed(String folder) {
        Set<String> paths = new TreeSet<>();
        for (String path : files.keySet()) {
            boolean isOld = sealOf.get(path) <= removedUpTo
                    && !path.startsWith(layout.root() + Proof.FOLDER)
                    && (path.endsWith(".metadata.json") || !there.contains(path));
            if (path.startsWith(folder) && !removed.contains(path) && !isOld) {
                paths.add(path);
            }
        }
        return paths;
    }

    boolean isSealed(String path) {
        return files.containsKey(path);
    }

    /** The seals of the nodes' tables that seals name, by path. */
    Map<String, SealedFile> nodes() {
        return nodes;
    }

    /** What sealed removals name. */
    Set<String> removed() {
        return removed;
    }

    /** Removals that are whole, also those of seals whose other files are not what they say. */
    Set<String> removals() {
        return removals;
    }

    /** The last segment that is in parts, by writer. */
    Map<String, SegmentName> segments() {
        return segments;
    }

    /** Seals that are there and no seals, or not those that the next ones follow. */
    Set<String> damaged() {
        return damaged;
    }

    /** Seals that are not there though later ones are. */
    Set<String> missing() {
        return missing;
    }

    private Optional<byte[]> bytes(String path) throws IOException {
        try (InputStream in = store.read(path)) {
            return Optional.of(in.readAllBytes());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
