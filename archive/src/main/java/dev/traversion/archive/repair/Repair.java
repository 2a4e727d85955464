/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.repair;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.Layout;
import dev.traversion.archive.Times;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.json.StampedJson;
import dev.traversion.archive.node.NodeRepair;
import dev.traversion.archive.seal.RepairRecord;
import dev.traversion.archive.seal.Restoration;
import dev.traversion.archive.seal.WholeCommits;
import dev.traversion.archive.seal.WriterClaim;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.archive.wal.WalLock;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Makes a damaged recording whole again, without what is lost. Damaged files are copied to {@code quarantine/}; one commit leaves them
 * out and declares the gaps; then they are deleted where they were. Broken off anywhere, the next run finishes. For one thread.
 */
public final class Repair {

    private static final Logger LOG = System.getLogger(Repair.class.getName());
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A log in an object store is uploaded every few seconds while its recorder lives. */
    private static final Duration QUIET = Duration.ofSeconds(30);

    private final Store store;
    private final Layout layout;
    private final LocalCopies copies;
    private final Path workDirectory;
    private final Clock clock;

    /**
     * @param copies of the store
     * @param workDirectory for files that are being written
     */
    public Repair(Store store, String clusterId, LocalCopies copies, Path workDirectory, Clock clock) {
        this.store = store;
        this.layout = new Layout(clusterId);
        this.copies = copies;
        this.workDirectory = workDirectory;
        this.clock = clock;
    }

    /**
     * What is to be done.
     *
     * @param steps a sentence each; empty if there is nothing to do
     */
    public record Plan(List<String> steps) {}

    /** What a run would do now. It changes nothing. */
    public Plan plan() throws IOException {
        Diagnosis diagnosis = diagnose();
        return new Plan(all(diagnosis, nodes(diagnosis)));
    }

    private NodeRepair nodes(Diagnosis diagnosis) throws IOException {
        return NodeRepair.of(store, layout, copies, workDirectory, diagnosis.nodeSeals());
    }

    private static List<String> all(Diagnosis diagnosis, NodeRepair nodes) {
        return Stream.concat(diagnosis.steps().stream(), nodes.steps().stream()).toList();
    }

    private Diagnosis diagnose() throws IOException {
        return Diagnosis.of(store, layout, copies);
    }

    /**
     * Does it.
     *
     * @return what was done
     * @throws TraversionException if somebody is recording
     */
    public Plan run() throws IOException {
        Optional<Path> log = store.local(layout.wal());
        try (WalLock lock = log.isPresent() ? WalLock.take(log.get()) : null) {
            LOG.log(Level.DEBUG, "the log is {0}", lock == null ? "not here" : "held");
            Diagnosis diagnosis = diagnose();
            NodeRepair nodes = nodes(diagnosis);
            List<String> steps = all(diagnosis, nodes);
            if (steps.isEmpty()) {
                return new Plan(steps);
            }
            refuseIfRecording(diagnosis);
            // A recorder that is not seen here, or was stalled, finds the claim before it commits, and stops.
            WriterClaim.take(store, layout, "repair", diagnosis.epoch() + 1, clock);
            if (diagnosis.isDamaged()) {
                repair(diagnosis);
            }
            for (String path : nodes.files()) {
                quarantine(path);
            }
            nodes.run(diagnosis.start(), Times.nanos(clock.instant()));
            finish();
            return new Plan(steps);
        }
    }

    private void refuseIfRecording(Diagnosis diagnosis) {
        long since = Times.nanos(clock.instant().minus(QUIET));
        if (store.local(layout.wal()).isEmpty() && diagnosis.log().lastTime() > since) {
            throw new TraversionException("A recorder is writing to " + store.location()
                    + ", or did until seconds ago. Stop it, wait " + QUIET.toSeconds() + " s, and repair then.");
        }
    }

    private void repair(Diagnosis diagnosis) throws IOException {
        Files.createDirectories(workDirectory);
        for (String path : diagnosis.quarantined()) {
            quarantine(path);
        }
        String path = layout.root() + RepairRecord.PREFIX + UUID.randomUUID() + ".json";
        RepairRecord told = new RepairRecord(
                "1.0",
                clock.instant().toString(),
                diagnosis.steps(),
                List.copyOf(diagnosis.gone()),
                List.copyOf(diagnosis.resealed()));
        store.create(path, StampedJson.stamp(JSON.writeValueAsString(told)));
        Path tailFile = workDirectory.resolve(UUID.randomUUID() + ".unfinished");
        Path coverageFile = workDirectory.resolve(UUID.randomUUID() + ".unfinished");
        try {
            Restoration.NewTail tail = diagnosis.writeTail(tailFile);
            new WholeCommits(store, layout, copies)
                    .restore(
                            new Restoration(
                                    diagnosis.versionsBase(),
                                    diagnosis.versionsLast(),
                                    diagnosis.coverageBase(),
                                    diagnosis.coverageLast(),
                                    diagnosis.parts(),
                                    tail,
                                    diagnosis.coverage(),
                                    diagnosis.segments(),
                                    path),
                            coverageFile,
                            clock);
        } finally {
            Files.deleteIfExists(tailFile);
            Files.deleteIfExists(coverageFile);
        }
    }

    /** Copies a file aside; nothing that is damaged is ever the last copy to be deleted. */
    private void quarantine(String path) throws IOException {
        Files.createDirectories(workDirectory);
        Path work = workDirectory.resolve(UUID.randomUUID() + ".unfinished");
        try (InputStream in = store.read(path)) {
            try (OutputStream out = Files.newOutputStream(work)) {
                in.transferTo(out);
            }
            store.create(Diagnosis.quarantine(layout, path), work);
        } catch (NoSuchFileException e) {
            LOG.log(Level.DEBUG, "there is nothing left of " + path);
        } catch (FileAlreadyExistsException e) {
            LOG.log(Level.DEBUG, "an earlier run copied " + path);
        } finally {
            Files.deleteIfExists(work);
        }
    }

    /** Deletes what committed repairs have copied to the quarantine, and the part of the log that is in parts. */
    private void finish() throws IOException {
        Diagnosis now = diagnose();
        for (String path : now.leftOver()) {
            store.delete(path);
        }
        Set<String> damaged = new TreeSet<>(now.quarantined());
        for (StoredFile file : store.list(layout.wal())) {
            if (now.isInParts(file.path()) && !damaged.contains(file.path())) {
                store.delete(file.path());
            }
        }
    }
}
