/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.repair;

import dev.traversion.archive.Layout;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.part.PartCaches;
import dev.traversion.archive.part.PartCheck;
import dev.traversion.archive.part.PartFile;
import dev.traversion.archive.part.PartReader;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.wal.WalSalvage;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which parts of a recording are whole, and which are not. For one thread. */
final class PartSurvey {

    private static final Pattern PART_START = Pattern.compile(".*/part=(-?\\d+)/.*");

    private final Layout layout;
    private final LocalCopies copies;
    private final PartCaches caches;
    private final SealSurvey seals;
    private final WalSalvage log;
    private final List<PartFile> whole = new ArrayList<>();
    private final List<PartFile> lost = new ArrayList<>();
    private final Set<ResourceType> types = new TreeSet<>();

    /**
     * @param seals told of parts that are not what was sealed
     * @param log what there is of it
     */
    PartSurvey(Layout layout, LocalCopies copies, PartCaches caches, SealSurvey seals, WalSalvage log) {
        this.layout = layout;
        this.copies = copies;
        this.caches = caches;
        this.seals = seals;
        this.log = log;
    }

    /**
     * Looks at the parts of a commit.
     *
     * @param there the files that there are
     * @param isFallback whether newer commits are lost, and parts of theirs may be there
     */
    void examine(List<PartFile> committed, Set<String> there, boolean isFallback) throws IOException {
        Map<String, PartFile> candidates = new TreeMap<>();
        committed.forEach(part -> candidates.put(part.path(), part));
        if (isFallback) {
            seals.sealed(layout.versions() + "/data/").forEach(path -> candidates.putIfAbsent(path, null));
            adoptable(there).forEach(path -> candidates.putIfAbsent(path, null));
        }
        for (Map.Entry<String, PartFile> candidate : candidates.entrySet()) {
            part(candidate.getKey(), candidate.getValue());
        }
        Comparator<PartFile> order = Comparator.comparingLong(PartFile::end).thenComparingLong(PartFile::start);
        whole.sort(order);
        lost.sort(order);
    }

    /** Those that can be read, in the order of their ends. */
    List<PartFile> whole() {
        return List.copyOf(whole);
    }

    /** Those that cannot, likewise. */
    List<PartFile> lost() {
        return List.copyOf(lost);
    }

    /** Of which the whole ones have versions. */
    Set<ResourceType> types() {
        return types;
    }

    /** Where a lost part ended: if nothing is known of it but its beginning, where it must have. */
    long endOf(PartFile lostPart) {
        if (lostPart.end() != Long.MIN_VALUE) {
            return lostPart.end();
        }
        long end = Long.MAX_VALUE;
        for (PartFile part : whole) {
            if (part.start() > lostPart.start()) {
                end = Math.min(end, part.start());
            }
        }
        if (end == Long.MAX_VALUE) {
            end = log.firstTime() == Long.MAX_VALUE ? Math.max(log.lastTime(), lostPart.start()) : log.firstTime();
        }
        return end;
    }

    /** Parts that are in no seal: of a commit that was not sealed before it was damaged, if the log does not have their changes. */
    private Set<String> adoptable(Set<String> there) {
        Set<String> paths = new TreeSet<>();
        for (String path : there) {
            if (path.startsWith(layout.versions() + "/data/")
                    && !seals.isSealed(path)
                    && !seals.removed().contains(path)) {
                try {
                    PartFile listed =
                            PartReader.open(copies.get(path), path, caches).asListed();
                    if (listed.end() <= log.firstTime()) {
                        paths.add(path);
                    }
                } catch (IOException | TraversionException e) {
                    System.getLogger(PartSurvey.class.getName())
                            .log(System.Logger.Level.DEBUG, path + " was in no commit, and is damaged", e);
                }
            }
        }
        return paths;
    }

    /** @param listed null if no commit that can be read lists it */
    private void part(String path, PartFile listed) throws IOException {
        try {
            part(path, listed, true);
        } catch (TraversionException | NoSuchFileException e) {
            System.getLogger(PartSurvey.class.getName()).log(System.Logger.Level.DEBUG, path + " is lost", e);
            Matcher start = PART_START.matcher(path);
            lost.add(
                    listed != null
                            ? listed
                            : new PartFile(
                                    path,
                                    start.matches() ? Long.parseLong(start.group(1)) : Long.MIN_VALUE,
                                    Long.MIN_VALUE,
                                    0,
                                    0));
        }
    }

    private void part(String path, PartFile listed, boolean isFirstAttempt) throws IOException {
        try {
            PartReader reader = PartReader.open(copies.get(path), path, caches);
            PartFile file = reader.asListed();
            new PartCheck(file, reader, _ -> {}).rows();
            whole.add(listed == null ? file : listed);
            types.addAll(reader.types(Long.MAX_VALUE));
        } catch (TraversionException e) {
            // A copy on this machine may be what is damaged.
            if (!isFirstAttempt || !copies.forget(path)) {
                throw e;
            }
            caches.clear();
            part(path, listed, false);
            return;
        }
        if (!seals.isWhole(path)) {
            seals.isNotWhatWasSealed(path);
        }
    }
}
