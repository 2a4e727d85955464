/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.repair;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.Layout;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.Times;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.coverage.Coverage;
import dev.traversion.archive.coverage.CoverageSchema;
import dev.traversion.archive.denial.Denials;
import dev.traversion.archive.json.StampedJson;
import dev.traversion.archive.json.StoredJson;
import dev.traversion.archive.parquet.WrittenFile;
import dev.traversion.archive.part.PartCaches;
import dev.traversion.archive.part.PartFile;
import dev.traversion.archive.part.PartReader;
import dev.traversion.archive.seal.Committed;
import dev.traversion.archive.seal.Restoration;
import dev.traversion.archive.seal.Seal.SealedFile;
import dev.traversion.archive.seal.Sealer;
import dev.traversion.archive.seal.WholeCommits;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.archive.wal.SegmentName;
import dev.traversion.archive.wal.WalSalvage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is whole of a recording, what is not, and what it is to consist of. For one thread. */
final class Diagnosis {

    private static final Pattern NUMBER = Pattern.compile(".*/v?(\\d{1,9})(?:\\.metadata)?\\.json");
    private static final String REASON = "damaged: ";

    /** A stretch of which something is lost; {@code to} is exclusive. */
    private record Lost(long from, long to, String reason) {}

    private final Store store;
    private final Layout layout;
    private final LocalCopies copies;
    private final PartCaches caches = PartCaches.forHeap();
    private final WholeCommits commits;
    private final List<String> steps = new ArrayList<>();
    private final Set<String> quarantined = new TreeSet<>();
    private final Set<String> gone = new TreeSet<>();
    private final Set<String> resealed = new TreeSet<>();
    private final List<Lost> lost = new ArrayList<>();
    private final Map<String, SegmentName> segments = new TreeMap<>();
    private final Set<String> there = new HashSet<>();
    private final Set<ResourceType> types = new TreeSet<>();
    private SealSurvey seals;
    private List<PartFile> parts;
    private List<PartFile> lostParts;
    private WalSalvage log;
    private List<CoverageInterval> coverage;
    private int versionsBase;
    private int versionsLast;
    private int coverageBase;
    private int coverageLast;
    private boolean sealsLog;
    private boolean isDamaged;
    private long tailStart;
    private long tailEnd;

    private Diagnosis(Store store, Layout layout, LocalCopies copies) {
        this.store = store;
        this.layout = layout;
        this.copies = copies;
        this.commits = new WholeCommits(store, layout, copies);
    }

    static Diagnosis of(Store store, Layout layout, LocalCopies copies) throws IOException {
        Diagnosis diagnosis = new Diagnosis(store, layout, copies);
        diagnosis.examine();
        return diagnosis;
    }

    /** Where a damaged file is kept. */
    static String quarantine(Layout layout, String path) {
        return layout.quarantine() + path.substring(layout.root().length());
    }

    private void examine() throws IOException {
        for (StoredFile file : store.list(layout.root())) {
            there.add(file.path());
        }
        seals = SealSurvey.of(
                store,
                layout,
                there,
                Math.max(last(layout.versions() + "/metadata/v", there), last(layout.seals(), there)));
        versionsBase = commits.newestParts(this::isWhole);
        coverageBase = commits.newestCoverage(this::isWhole);
        // What is gone without a trace is still named by what was built on it.
        versionsLast = Math.max(last(layout.versions()), last(layout.seals(), there));
        coverageLast = Math.max(last(layout.coverage()), commits.coverageKnownTo(versionsBase));
        metadata(layout.versions(), versionsBase, versionsLast);
        metadata(layout.coverage(), coverageBase, coverageLast);
        Committed committed = commits.partsOf(versionsBase);
        segments.putAll(committed.sealed());
        if (versionsBase < versionsLast) {
            seals.segments()
                    .forEach((writer, name) ->
                            segments.merge(writer, name, (one, other) -> one.compareTo(other) > 0 ? one : other));
        }
        log = WalSalvage.read(store, layout.wal(), segments);
        PartSurvey survey = new PartSurvey(layout, copies, caches, seals, log);
        survey.examine(committed.parts(), there, versionsBase < versionsLast);
        parts = survey.whole();
        lostParts = survey.lost();
        types.addAll(survey.types());
        for (PartFile part : lostParts) {
            lost.add(new Lost(part.start(), survey.endOf(part) + 1, REASON + part.path() + " could not be read"));
        }
        examineLog();
        examineCoverage();
        examineSeals();
        for (String path : leftOver()) {
            steps.add(path + " was repaired before, and is deleted; a copy is in quarantine/.");
        }
    }

    /** The number of the last commit of a table, whether it is there or only named by a seal. */
    private int last(String table) {
        String folder = table + "/metadata/v";
        return Math.max(last(folder, there), last(folder, seals.named(folder)));
    }

    /** The greatest number in names that begin with a prefix, such as that of {@code v12.metadata.json}. */
    private static int last(String prefix, Set<String> paths) {
        int last = 0;
        for (String path : paths) {
            Matcher matcher = NUMBER.matcher(path);
            if (path.startsWith(prefix) && matcher.matches()) {
                last = Math.max(last, Integer.parseInt(matcher.group(1)));
            }
        }
        return last;
    }

    private boolean isWhole(String path) {
        try {
            return seals.isWhole(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void damaged(String path, String step) {
        isDamaged = true;
        if (there.contains(path)) {
            quarantined.add(path);
        }
        gone.add(path);
        steps.add(step);
    }

    /** Commits that cannot be read. */
    private void metadata(String table, int base, int newest) throws IOException {
        for (int number = base + 1; number <= newest; number++) {
            String path = table + "/metadata/v" + number + ".metadata.json";
            damaged(
                    path,
                    "Commit " + number + " of " + table + " cannot be read: the newest whole one is "
                            + (base == 0 ? "none" : base) + ", and what it does not tell of is put back.");
            if (table.equals(layout.versions()) && !there.contains(layout.seal(number))) {
                gone.add(layout.seal(number));
            }
        }
    }

    /** Decides whether the log is to be sealed: what continues something damaged cannot be trusted to be all. */
    private void examineLog() {
        for (PartFile part : lostParts) {
            damaged(
                    part.path(),
                    part.path() + (there.contains(part.path()) ? " is damaged" : " is missing")
                            + ": its time becomes a gap.");
        }
        boolean isLastLost = !lostParts.isEmpty()
                && (parts.isEmpty()
                        || parts.getLast().start() <= lostParts.getLast().start());
        sealsLog = isLastLost || !log.damages().isEmpty() || !log.torn().isEmpty();
        long end = parts.isEmpty() ? Long.MIN_VALUE : parts.getLast().end();
        tailStart = end == Long.MIN_VALUE ? log.firstTime() : Math.min(end, log.firstTime());
        if (isLastLost) {
            tailStart = Math.min(tailStart, lostParts.getLast().start());
        }
        for (Lost each : lost) {
            end = Math.max(end, each.to() - 1);
        }
        tailEnd = Math.max(end, log.lastTime());
        if (tailStart == Long.MAX_VALUE) {
            tailStart = tailEnd;
        }
        if (isLastLost) {
            lost.add(new Lost(
                    lostParts.getLast().start(),
                    tailEnd + 1,
                    REASON + lostParts.getLast().path() + " could not be read"));
        }
        for (WalSalvage.Damage damage : log.damages()) {
            long from = damage.from() == Long.MIN_VALUE ? tailStart : damage.from();
            lost.add(new Lost(from, tailEnd + 1, REASON + damage.path() + ": " + damage.what()));
            damaged(
                    damage.path(),
                    damage.path() + ": " + damage.what() + ". What is whole of the log becomes a part, and from "
                            + Times.instant(from) + " on there is a gap.");
        }
        for (String path : log.torn()) {
            damaged(path, path + " ends with a write that was broken off: what is whole of the log becomes a part.");
        }
        if (sealsLog) {
            segments.putAll(log.lastSegments());
        }
    }

    private void examineCoverage() throws IOException {
        Set<String> files = new TreeSet<>(commits.coverageFilesOf(coverageBase));
        boolean isFallback = coverageBase < coverageLast;
        if (isFallback) {
            files.addAll(seals.sealed(layout.coverage() + "/data/"));
        }
        List<CoverageInterval> all = new ArrayList<>();
        boolean isLost = false;
        for (String path : files) {
            try {
                all.addAll(copies.open(path, file -> CoverageSchema.read(file, path)));
                if (!seals.isWhole(path)) {
                    seals.isNotWhatWasSealed(path);
                }
            } catch (TraversionException | NoSuchFileException e) {
                isLost = true;
                damaged(path, path + " is damaged or missing: time of which nothing else tells becomes a gap.");
            }
        }
        if (sealsLog) {
            all.addAll(log.coverage().intervals(tailEnd + 1, false));
        }
        coverage = isFallback || sealsLog ? Coverage.disjoint(all) : Coverage.merge(all);
        coverage.forEach(interval -> types.add(interval.type()));
        if (isLost && !parts.isEmpty()) {
            long end = sealsLog ? tailEnd : parts.getLast().end();
            coverage = Coverage.withoutSilence(
                    coverage,
                    types,
                    parts.getFirst().start(),
                    end + 1,
                    REASON + "what was observed then is not known any more");
        }
        for (Lost each : lost) {
            coverage = Coverage.withGap(coverage, types, each.from(), each.to(), each.reason());
        }
    }

    private void examineSeals() throws IOException {
        for (String path : seals.damaged()) {
            String file = seals.differing(path);
            damaged(
                    path,
                    file.isEmpty()
                            ? path + " is damaged: what it sealed, as far as it is there, is sealed again."
                            : file + " is not what " + path
                                    + " says, though its own checksums hold: it is kept, and sealed as it"
                                    + " is. If somebody may have changed it, restore it from a copy instead.");
        }
        for (String path : seals.missing()) {
            damaged(path, path + " is missing: what it sealed, as far as it is there, is sealed again.");
        }
        for (String path : seals.sealed(layout.root())) {
            if (!gone.contains(path) && !seals.isWhole(path)) {
                damaged(path, path + " is damaged or missing, and not needed: it is left out.");
            }
        }
        for (String path : there) {
            // The first commit of a table is in no seal.
            if (NUMBER.matcher(path).matches()
                    && path.endsWith(".metadata.json")
                    && (path.startsWith(layout.versions() + "/") || path.startsWith(layout.coverage() + "/"))
                    && !gone.contains(path)
                    && !seals.isSealed(path)
                    && !isStamped(path)) {
                damaged(path, path + " is damaged, and not needed: it is left out.");
            }
        }
        for (PartFile part : parts) {
            if (!seals.isSealed(part.path())) {
                resealed.add(part.path());
            }
        }
        for (String path : seals.removals()) {
            // Of a seal that does not hold any more: what it tells is gone is still meant to be.
            if (!seals.isSealed(path)) {
                resealed.add(path);
            }
        }
    }

    private boolean isStamped(String path) throws IOException {
        try (InputStream in = store.read(path)) {
            return StoredJson.read(StampedJson.check(in.readAllBytes(), path), JsonNode.class)
                    .isObject();
        } catch (TraversionException | JacksonException e) {
            return false;
        }
    }

    /** Writes what is whole of the log as a part; null if it is not to be sealed, or there is nothing in it. */
    Restoration.NewTail writeTail(Path path) throws IOException {
        boolean isEmpty = parts.isEmpty() && log.tail().size() == 0;
        if (!sealsLog || isEmpty) {
            return null;
        }
        PartFile last = parts.isEmpty() ? null : parts.getLast();
        PartReader before = last == null ? null : PartReader.open(copies.get(last.path()), last.path(), caches);
        WrittenFile written = Sealer.write(path, tailStart, tailEnd, before, log.tail(), Denials.load(store, layout));
        return new Restoration.NewTail(written, tailStart);
    }

    /** What is to be done, a sentence each. */
    List<String> steps() {
        return List.copyOf(steps);
    }

    /** Whether anything is to be committed. */
    boolean isDamaged() {
        return isDamaged;
    }

    /** Damaged files that are there. */
    Set<String> quarantined() {
        return quarantined;
    }

    /** Files that a commit or a seal names, and that are not to be there any more. */
    Set<String> gone() {
        return gone;
    }

    /** Files that no seal names which is whole. */
    Set<String> resealed() {
        return resealed;
    }

    int versionsBase() {
        return versionsBase;
    }

    int versionsLast() {
        return versionsLast;
    }

    int coverageLast() {
        return coverageLast;
    }

    int coverageBase() {
        return coverageBase;
    }

    List<PartFile> parts() {
        return parts;
    }

    /** Since when there is something to read, ns; 0 if there is nothing. */
    long start() {
        return parts.isEmpty() ? 0 : parts.getFirst().start();
    }

    List<CoverageInterval> coverage() {
        return coverage;
    }

    Map<String, SegmentName> segments() {
        return segments;
    }

    WalSalvage log() {
        return log;
    }

    /** The seals of the nodes' tables that seals name, by path. */
    Map<String, SealedFile> nodeSeals() {
        return seals.nodes();
    }

    /** The greatest epoch in the log. */
    long epoch() {
        return segments.values().stream().mapToLong(SegmentName::epoch).max().orElse(0);
    }

    /** Whether a segment's changes are in parts. */
    boolean isInParts(String path) {
        return SegmentName.parse(path)
                .filter(name -> name.isUpTo(segments.get(name.writer())))
                .isPresent();
    }

    /** What a committed repair left out, and could not delete any more; there is a copy. */
    List<String> leftOver() {
        return seals.removed().stream()
                .filter(path -> there.contains(path) && there.contains(quarantine(layout, path)))
                .toList();
    }
}
