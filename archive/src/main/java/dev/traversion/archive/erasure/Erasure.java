/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.erasure;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.Layout;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.denial.Denial;
import dev.traversion.archive.denial.Denials;
import dev.traversion.archive.denial.Lifetime;
import dev.traversion.archive.denial.Omissions;
import dev.traversion.archive.denial.Subject;
import dev.traversion.archive.denial.SubjectSearch;
import dev.traversion.archive.json.StampedJson;
import dev.traversion.archive.node.NodeErasure;
import dev.traversion.archive.node.StaticPods;
import dev.traversion.archive.part.PartCaches;
import dev.traversion.archive.part.PartFile;
import dev.traversion.archive.part.PartReader;
import dev.traversion.archive.part.VersionCursor;
import dev.traversion.archive.part.VersionSource;
import dev.traversion.archive.retention.Pin;
import dev.traversion.archive.retention.Pins;
import dev.traversion.archive.seal.CommitLog;
import dev.traversion.archive.seal.Committed;
import dev.traversion.archive.seal.NewPart;
import dev.traversion.archive.seal.Replacement;
import dev.traversion.archive.seal.Seal.SealedFile;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.wal.WalFollower;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Erases a lifetime of a namespace: every version of every object in it, and of the Namespace object; or a value, in whatever version it
 * stands: something else takes its place, and objects named like it go as a whole. First a denial says what must not
 * be written any more; then the log is sealed without it; then coverage says that something was erased, one commit replaces the parts
 * it was in, a proof is sealed with it, and the old files are deleted. Broken off anywhere, the next run finishes. It may run beside a
 * recorder. For one thread.
 */
public final class Erasure {

    /** How the reason begins with which coverage tells of it. */
    public static final String REASON = "objects of a namespace erased";

    /** ... and of a value. */
    public static final String VALUE_REASON = "a value erased";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SALT_BYTES = 16;
    private static final int ATTEMPTS = 10;
    private static final long CACHE = 8L << 20;

    private final Store store;
    private final Layout layout;
    private final LocalCopies copies;
    private final CommitLog commits;
    private final Replacement replacement;
    private final LogClearing log;
    private final NodeErasure nodes;
    private final Path workDirectory;
    private final Clock clock;

    /**
     * @param copies of the store
     * @param workDirectory for files that are being written
     * @param options for sealing the log, if nobody records
     */
    public Erasure(
            Store store, Layout layout, LocalCopies copies, Path workDirectory, WriterOptions options, Clock clock) {
        this.store = store;
        this.layout = layout;
        this.copies = copies;
        this.commits = new CommitLog(store, layout, copies);
        this.replacement = new Replacement(store, layout, commits, clock);
        this.log = new LogClearing(store, layout, commits, options);
        this.nodes = new NodeErasure(store, layout, copies, workDirectory);
        this.workDirectory = workDirectory;
        this.clock = clock;
    }

    /**
     * What was erased, or would be.
     *
     * @param objects how many are erased, or have the value in them
     * @param versions of them
     * @param parts that held it
     * @param whole how many of the objects are erased, not only the value in them
     * @param inLog whether a recorder's log still holds some of it, which it leaves out when it seals it
     * @param rows how many rows of what happened on nodes went, or had the value in them; not known before
     * @param inLanding whether agents still write some of it, which is left out when that is taken over
     */
    public record Outcome(
            long objects, long versions, int parts, long whole, boolean inLog, long rows, boolean inLanding) {}

    /** The lifetimes of a namespace which are recorded, in the order of time. */
    public List<Lifetime> lifetimes(String namespace) throws IOException {
        Committed committed = commits.load();
        Lifetimes lifetimes = new Lifetimes(namespace);
        for (PartFile part : committed.parts()) {
            lifetimes.look(reader(part), part.start());
        }
        try (WalFollower wal = new WalFollower(store, layout.wal())) {
            wal.poll(committed.sealed(), null);
            lifetimes.look(wal.tail(), Long.MIN_VALUE);
        }
        return lifetimes.all();
    }

    /** What would be erased now, besides what is in the log. */
    public Outcome plan(Lifetime lifetime) throws IOException {
        checkHolds(lifetime.seenFrom(), lifetime.seenTo());
        return look(new Omissions(version -> !lifetime.contains(version), SubjectSearch.NOTHING));
    }

    /**
     * Where a value would be erased now; what is in the log is not counted.
     *
     * @throws TraversionException if it cannot be, or a legal hold forbids it
     */
    public Outcome plan(String value) throws IOException {
        Omissions omissions = new Omissions(_ -> true, new SubjectSearch(List.of(subject(value))));
        OptionalLong inLog = log.firstHeld(version -> !version.equals(omissions.of(version)));
        if (inLog.isPresent()) {
            checkHolds(inLog.getAsLong(), Long.MAX_VALUE);
        }
        Outcome sealed = look(omissions);
        return new Outcome(
                sealed.objects(), sealed.versions(), sealed.parts(), sealed.whole(), inLog.isPresent(), 0, false);
    }

    private Outcome look(Omissions omissions) throws IOException {
        try (ErasedParts erased = new ErasedParts(workDirectory, omissions)) {
            int parts = 0;
            for (PartFile part : commits.load().parts()) {
                parts += erased.holds(reader(part), part.end()) ? 1 : 0;
            }
            if (!omissions.values().isEmpty()) {
                checkHolds(erased);
            }
            return new Outcome(erased.objects(), erased.versions(), parts, erased.whole(), false, 0, false);
        }
    }

    private Subject subject(String value) {
        return Subject.of(UUID.randomUUID().toString(), salt(), clock.instant().toString(), value);
    }

    private static String salt() {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        return HexFormat.of().formatHex(salt);
    }

    /**
     * Erases a lifetime, and whatever runs that broke off were to erase.
     *
     * @param reason for the proof; may be empty
     * @throws TraversionException if a legal hold forbids it, or if others commit again and again meanwhile
     */
    public Outcome run(Lifetime lifetime, String reason, Consumer<String> progress) throws IOException {
        checkHolds(lifetime.seenFrom(), lifetime.seenTo());
        Denials denials = Denials.load(store, layout);
        boolean isDenied = denials.all().stream()
                .anyMatch(denial -> denial.uid().equals(lifetime.uid()) && denial.isOf(lifetime.namespace()));
        if (!isDenied) {
            // Once anything is gone nobody knows any more whose rows of the nodes' tables are whose.
            denials.add(Denial.of(UUID.randomUUID().toString(), salt(), lifetime, pods(lifetime)));
        }
        return complete(reason, progress);
    }

    /**
     * Erases a value, wherever it stands, and whatever runs that broke off were to erase. It does not come back: recorders put the same in its
     * place from now on.
     *
     * @param reason for the proof; may be empty
     * @throws TraversionException as {@link #plan(String)}, or if others commit again and again meanwhile
     */
    public Outcome run(String value, String reason, Consumer<String> progress) throws IOException {
        plan(value);
        Denials denials = Denials.load(store, layout);
        if (denials.subjects().stream().noneMatch(subject -> subject.isOf(value))) {
            denials.add(subject(value));
        }
        return complete(reason, progress);
    }

    /** The uids, and what agents call static pods by. */
    private Set<String> pods(Lifetime lifetime) throws IOException {
        Set<String> uids = new TreeSet<>();
        ObjectVersion.Visitor look = version -> {
            if (lifetime.contains(version)) {
                uids.add(version.uid());
                StaticPods.hash(JSON.readTree(version.body())).ifPresent(uids::add);
            }
            return true;
        };
        Committed committed = commits.load();
        for (PartFile part : committed.parts()) {
            PartReader reader = reader(part);
            VersionCursor carried = reader.states(PODS, lifetime.namespace(), null, part.start());
            while (carried.next()) {
                look.visit(carried.current());
            }
            reader.changes(PODS, lifetime.namespace(), Long.MIN_VALUE, Long.MAX_VALUE, look);
        }
        try (WalFollower wal = new WalFollower(store, layout.wal())) {
            wal.poll(committed.sealed(), null);
            wal.tail().changes(PODS, lifetime.namespace(), Long.MIN_VALUE, Long.MAX_VALUE, look);
        }
        return uids;
    }

    /** Whether a run broke off before it was done. */
    public boolean isUnfinished() throws IOException {
        return !pending(Denials.load(store, layout)).isEmpty();
    }

    /** What is denied, and no proof is about. */
    private record Pending(List<Denial> lifetimes, List<Subject> values) {

        boolean isEmpty() {
            return lifetimes.isEmpty() && values.isEmpty();
        }
    }

    private Pending pending(Denials denials) throws IOException {
        Set<String> proven = new HashSet<>();
        commits.load();
        for (Proof proof : Proof.all(store, commits)) {
            proof.erased().forEach(denial -> proven.add(denial.id()));
            proof.subjects().forEach(subject -> proven.add(subject.id()));
        }
        return new Pending(
                denials.all().stream()
                        .filter(denial -> !proven.contains(denial.id()))
                        .toList(),
                denials.subjects().stream()
                        .filter(subject -> !proven.contains(subject.id()))
                        .toList());
    }

    /** Finishes what was denied and not proven. */
    public Outcome complete(String reason, Consumer<String> progress) throws IOException {
        Denials denials = Denials.load(store, layout);
        Pending pending = pending(denials);
        progress.accept("clearing the log");
        boolean inLog = !log.clear(denials);
        Outcome outcome = new Outcome(0, 0, 0, 0, inLog, 0, false);
        if (!pending.isEmpty()) {
            progress.accept("rewriting what happened on nodes");
            long rows = nodes.run();
            List<VersionSource> known = new ArrayList<>();
            for (PartFile part : commits.load().parts()) {
                known.add(reader(part));
            }
            try (ErasedParts erased =
                    new ErasedParts(workDirectory, denials.omissions(pending.lifetimes(), pending.values(), known))) {
                int parts = rewrite(pending, erased, rows, reason, progress);
                outcome = new Outcome(
                        erased.objects(), erased.versions(), parts, erased.whole(), inLog, rows, nodes.isInLanding());
            }
        }
        progress.accept("deleting");
        for (String path : replacement.removed()) {
            copies.forget(path);
        }
        replacement.finish();
        return outcome;
    }

    /** Gives the number of parts that were replaced. */
    private int rewrite(Pending pending, ErasedParts erased, long rows, String reason, Consumer<String> progress)
            throws IOException {
        Map<String, NewPart> rewritten = new LinkedHashMap<>();
        Set<String> looked = new HashSet<>();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Committed committed = commits.load();
            Set<String> replaced = new TreeSet<>();
            List<NewPart> parts = new ArrayList<>();
            List<SealedFile> files = new ArrayList<>();
            for (PartFile part : committed.parts()) {
                progress.accept("rewriting, part of " + committed.parts().size());
                if (looked.add(part.path())) {
                    PartReader reader = reader(part);
                    if (erased.holds(reader, part.end())) {
                        rewritten.put(part.path(), erased.without(reader, part));
                    }
                }
                if (rewritten.containsKey(part.path())) {
                    replaced.add(part.path());
                    files.add(commits.fileOf(part.path()));
                    NewPart without = rewritten.get(part.path());
                    if (without.file().rows() > 0) {
                        parts.add(without);
                    }
                }
            }
            for (Denial denial : pending.lifetimes()) {
                checkHolds(denial.seenFrom(), denial.seenTo());
            }
            if (!pending.values().isEmpty()) {
                checkHolds(erased);
            }
            if (tellInCoverage(pending, erased, committed)
                    && commit(pending, committed, replaced, parts, files, erased, rows, reason)) {
                return replaced.size();
            }
        }
        throw new TraversionException("Others committed to " + store.location() + " " + ATTEMPTS
                + " times meanwhile. Nothing is damaged; run it again to finish.");
    }

    private boolean commit(
            Pending pending,
            Committed committed,
            Set<String> replaced,
            List<NewPart> parts,
            List<SealedFile> files,
            ErasedParts erased,
            long rows,
            String reason)
            throws IOException {
        Proof proof = new Proof(
                "1.0",
                clock.instant().toString(),
                System.getProperty("user.name", ""),
                reason,
                pending.lifetimes().stream().map(Denial::withoutPods).toList(),
                pending.values(),
                erased.objects(),
                erased.versions(),
                rows,
                files);
        String path = layout.root() + Proof.FOLDER + UUID.randomUUID() + ".json";
        store.create(path, StampedJson.stamp(JSON.writeValueAsString(proof)));
        return replacement.commit(committed, replaced, parts, List.of(reason(pending)), List.of(path));
    }

    private static String reason(Pending pending) {
        return pending.lifetimes().isEmpty() ? VALUE_REASON : REASON;
    }

    private boolean tellInCoverage(Pending pending, ErasedParts erased, Committed committed) throws IOException {
        Set<ResourceType> types = erased.types();
        if (types.isEmpty()) {
            return true;
        }
        long end = committed.parts().isEmpty()
                ? Long.MIN_VALUE
                : committed.parts().getLast().end();
        String on = " on " + clock.instant().toString().substring(0, 10);
        Files.createDirectories(workDirectory);
        Path file = workDirectory.resolve(UUID.randomUUID() + ".unfinished");
        try {
            return commits.rewriteCoverage(
                    intervals -> {
                        List<CoverageInterval> marked = intervals;
                        for (Denial denial : pending.lifetimes()) {
                            long to = denial.seenTo() == Long.MAX_VALUE ? end + 1 : denial.seenTo() + 1;
                            marked = new ErasedStretch(types, denial.seenFrom(), to, REASON + on).markIn(marked);
                        }
                        if (!pending.values().isEmpty()) {
                            marked = new ErasedStretch(types, erased.from(), erased.to() + 1, VALUE_REASON + on)
                                    .markIn(marked);
                        }
                        return marked;
                    },
                    file,
                    clock);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void checkHolds(ErasedParts erased) throws IOException {
        for (long[] time : erased.times()) {
            checkHolds(time[0], time[1]);
        }
    }

    /** @throws TraversionException if a legal hold is on any of that time */
    private void checkHolds(long from, long to) throws IOException {
        for (Pin pin : new Pins(store, layout).all()) {
            if (pin.hold() && pin.from() < to && pin.to() >= from) {
                throw new TraversionException("The legal hold \"" + pin.name() + "\""
                        + (pin.reason().isEmpty() ? "" : " (" + pin.reason() + ")")
                        + " is on a time at which it was there: nothing of it may be erased. Lift the hold first,"
                        + " with unpin, if you may.");
            }
        }
    }

    private PartReader reader(PartFile part) throws IOException {
        return PartReader.open(copies.get(part.path()), part.path(), new PartCaches(CACHE, CACHE));
    }
}
