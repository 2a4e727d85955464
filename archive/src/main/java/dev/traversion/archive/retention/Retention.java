/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.retention;

import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.Layout;
import dev.traversion.archive.Times;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.node.NodeCompaction;
import dev.traversion.archive.part.PartFile;
import dev.traversion.archive.seal.CommitLog;
import dev.traversion.archive.seal.Committed;
import dev.traversion.archive.seal.Replacement;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Forgets the oldest parts of a recording. First their time becomes a gap, then one commit drops them, then their files are deleted:
 * after a crash anywhere the recording can be read and verified, and the next run finishes. It may run beside a recorder: a race
 * that is lost begins anew. The newest part is always kept, since the next one continues it. For one thread.
 */
public final class Retention {

    private static final int ATTEMPTS = 10;

    private final Store store;
    private final Layout layout;
    private final CommitLog commits;
    private final Replacement replacement;
    private final Pins pins;
    private final NodeCompaction nodes;
    private final Path workDirectory;
    private final Clock clock;

    /**
     * @param copies of the store
     * @param workDirectory for files that are being written
     */
    public Retention(Store store, Layout layout, LocalCopies copies, Path workDirectory, Clock clock) {
        this.store = store;
        this.layout = layout;
        this.commits = new CommitLog(store, layout, copies);
        this.replacement = new Replacement(store, layout, commits, clock);
        this.pins = new Pins(store, layout);
        this.nodes = new NodeCompaction(store, layout, copies, workDirectory);
        this.workDirectory = workDirectory;
        this.clock = clock;
    }

    /**
     * What a run forgets.
     *
     * @param parts oldest first
     * @param reasons why, the same number
     * @param pinned parts that are beyond a limit, but are kept because of a pin
     * @param keptParts how many stay
     * @param start where the recording begins afterwards, ns
     */
    public record Plan(List<PartFile> parts, List<String> reasons, List<PartFile> pinned, int keptParts, long start) {

        public long bytes() {
            return parts.stream().mapToLong(PartFile::bytes).sum();
        }
    }

    /** What would be forgotten now. */
    public Plan plan(Limits limits) throws IOException {
        return plan(commits.load(), limits);
    }

    private Plan plan(Committed committed, Limits limits) throws IOException {
        List<PartFile> all = committed.parts();
        List<Pin> held = pins.all();
        long cutoff = limits.age() == null
                ? Long.MIN_VALUE
                : Times.nanos(clock.instant().minus(limits.age()));
        long bytes = all.stream().mapToLong(PartFile::bytes).sum();
        long tooMuchOnDisk = bytesOverShare(limits);
        List<PartFile> parts = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        List<PartFile> pinned = new ArrayList<>();
        for (int i = 0; i < all.size() - 1; i++) {
            PartFile part = all.get(i);
            long until = Math.max(part.end(), all.get(i + 1).start());
            String why = until <= cutoff
                    ? "older than " + text(limits.age())
                    : bytes > limits.bytes()
                            ? "more than " + text(limits.bytes())
                            : tooMuchOnDisk > 0 ? "disk more than " + limits.diskShare() + " % full" : "";
            if (why.isEmpty()) {
                break;
            }
            if (held.stream().anyMatch(pin -> pin.from() < until && pin.to() >= part.start())) {
                pinned.add(part);
                continue;
            }
            parts.add(part);
            reasons.add(why);
            bytes -= part.bytes();
            tooMuchOnDisk -= part.bytes();
        }
        List<PartFile> kept = new ArrayList<>(all);
        kept.removeAll(parts);
        long start = kept.isEmpty() ? 0 : kept.getFirst().start();
        return new Plan(List.copyOf(parts), List.copyOf(reasons), List.copyOf(pinned), kept.size(), start);
    }

    private long bytesOverShare(Limits limits) throws IOException {
        if (limits.diskShare() >= 100) {
            return 0;
        }
        Optional<Path> place = store.local(layout.root() + "recording.json");
        if (place.isEmpty()) {
            throw new TraversionException("A share of the disk cannot be kept in " + store.location()
                    + ", which is no directory of this machine. Limit the size or the age instead.");
        }
        java.nio.file.FileStore disk = Files.getFileStore(place.get());
        long used = disk.getTotalSpace() - disk.getUsableSpace();
        return used - disk.getTotalSpace() / 100 * limits.diskShare();
    }

    private static String text(Duration age) {
        boolean isDays = age.toSeconds() % Duration.ofDays(1).toSeconds() == 0;
        return isDays ? age.toDays() + "d" : age.toString().substring(2).toLowerCase(Locale.ROOT);
    }

    /** In the largest unit that tells it exactly. */
    private static String text(long bytes) {
        String[] units = {" bytes", "Ki", "Mi", "Gi", "Ti"};
        int unit = bytes == 0 ? 0 : Math.min(units.length - 1, Long.numberOfTrailingZeros(bytes) / 10);
        return (bytes >> (10 * unit)) + units[unit];
    }

    /**
     * Forgets what is beyond the limits, and finishes what an earlier run began.
     *
     * @return what was forgotten
     * @throws TraversionException if others commit again and again meanwhile
     */
    public Plan run(Limits limits) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Committed committed = commits.load();
            Plan plan = plan(committed, limits);
            if (forgetCoverage(committed.parts(), plan) && drop(committed, plan)) {
                replacement.finish();
                // What happened on nodes is kept as long as the objects that give it names.
                nodes.forget(plan.start());
                return plan;
            }
        }
        throw new TraversionException("Others committed to " + store.location() + " " + ATTEMPTS
                + " times meanwhile. Nothing is damaged; try again.");
    }

    private boolean forgetCoverage(List<PartFile> all, Plan plan) throws IOException {
        List<Forgotten> stretches = new ArrayList<>();
        for (int i = 0; i < all.size() - 1; i++) {
            int at = plan.parts().indexOf(all.get(i));
            if (at >= 0) {
                // Before the recording's first part there is nothing to tell from; later parts may follow a pinned one.
                long from = i == 0
                        ? Long.MIN_VALUE
                        : Math.max(all.get(i).start(), all.get(i - 1).end());
                long to = Math.max(all.get(i).end(), all.get(i + 1).start());
                stretches.add(Forgotten.of(from, to, plan.reasons().get(at)));
            }
        }
        if (stretches.isEmpty()) {
            return true;
        }
        Files.createDirectories(workDirectory);
        Path file = workDirectory.resolve(UUID.randomUUID() + ".unfinished");
        try {
            return commits.rewriteCoverage(
                    intervals -> {
                        List<CoverageInterval> left = intervals;
                        for (Forgotten stretch : stretches) {
                            left = stretch.cutFrom(left);
                        }
                        return left;
                    },
                    file,
                    clock);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private boolean drop(Committed committed, Plan plan) throws IOException {
        Set<String> dropped = new TreeSet<>();
        plan.parts().forEach(part -> dropped.add(part.path()));
        // Coverage that was rewritten, now or by a run that broke off.
        if (dropped.isEmpty() && replacement.replacedCoverage().isEmpty()) {
            return true;
        }
        List<String> reasons = plan.reasons().stream().distinct().toList();
        return replacement.commit(committed, dropped, List.of(), reasons, List.of());
    }
}
