/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.seal;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.Layout;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.json.StampedJson;
import dev.traversion.archive.json.StoredJson;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.seal.Seal.SealedFile;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.archive.table.RecordingTable;
import dev.traversion.archive.wal.SegmentName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The seals of a recording's commits. A commit is sealed only after the one before it: whoever comes first makes up for the seals that
 * crashes left out, or that another process is about to make, so a seal that is missing before one that is there is damage.
 */
final class SealChain {

    /** The first commit makes an empty table, and has no seal. */
    private static final int FIRST = 2;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Store store;
    private final Layout layout;
    private final RecordingTable versions;
    private final RecordingTable coverage;

    SealChain(Store store, Layout layout, RecordingTable versions, RecordingTable coverage) {
        this.store = store;
        this.layout = layout;
        this.versions = versions;
        this.coverage = coverage;
    }

    /** Seals every commit up to the newest which has no seal, in their order. */
    void complete(Clock clock) throws IOException {
        int newest = versions.commit();
        int next = newest + 1;
        while (next > FIRST && !exists(layout.seal(next - 1))) {
            next--;
        }
        for (; next <= newest; next++) {
            seal(next, clock);
        }
    }

    private void seal(int number, Clock clock) throws IOException {
        Optional<byte[]> previous = read(layout.seal(number - 1));
        Set<String> paths = new LinkedHashSet<>(versions.commitFiles().of(number));
        if (paths.isEmpty()) {
            // Its metadata is gone, and with it what could be sealed.
            return;
        }
        if (number == versions.commit()) {
            paths.addAll(unsealedCoverage(number));
        }
        Map<String, String> summary = versions.summary(number);
        String documents = summary.getOrDefault(CommitLog.DOCUMENTS, "");
        for (String document : documents.isEmpty() ? List.<String>of() : List.of(documents.split(" "))) {
            RepairRecord repair = repair(document);
            paths.addAll(repair.resealed());
            paths.removeAll(repair.files());
            paths.add(document);
        }
        List<SealedFile> files = new ArrayList<>();
        for (String path : paths) {
            files.add(sealed(path));
        }
        Map<String, String> wal = new TreeMap<>();
        CommitLog.sealed(summary)
                .values()
                .forEach((SegmentName name) -> wal.put(name.writer(), name.epoch() + "-" + name.sequence()));
        Seal seal = new Seal(
                "1.0",
                number,
                previous.map(Seal::sha256).orElse(""),
                clock.instant().toString(),
                files,
                wal,
                nodes());
        try {
            store.create(layout.seal(number), StampedJson.stamp(JSON.writeValueAsString(seal)));
        } catch (FileAlreadyExistsException e) {
            // A recorder and retention may find the same commit unsealed; both would say the same of it.
            System.getLogger(SealChain.class.getName()).log(System.Logger.Level.DEBUG, "sealed meanwhile", e);
        }
    }

    /** The newest seal of each table of nodes: without it an older commit of such a table would look like the newest. */
    private List<SealedFile> nodes() throws IOException {
        List<SealedFile> nodes = new ArrayList<>();
        for (LandingTable table : LandingTable.values()) {
            int newest = 0;
            Optional<SealedFile> seal = Optional.empty();
            // One that is gone when it is read has a newer one after it.
            for (StoredFile file : store.list(layout.tableSeals(table.tableName()))) {
                int number = Seal.number(file.path());
                if (number > newest) {
                    seal = sealedIfThere(file.path());
                    newest = number;
                }
            }
            seal.ifPresent(nodes::add);
        }
        return nodes;
    }

    private Optional<SealedFile> sealedIfThere(String path) throws IOException {
        try {
            return Optional.of(sealed(path));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** The seal of a commit; empty if there is none. */
    Optional<Seal> of(int number) throws IOException {
        return exists(layout.seal(number)) ? Optional.of(readSeal(layout.seal(number))) : Optional.empty();
    }

    /** What a removal repaired; nothing if it is another one. */
    private RepairRecord repair(String removal) throws IOException {
        return removal.startsWith(layout.root() + RepairRecord.PREFIX)
                ? StoredJson.read(StampedJson.check(read(removal).orElseThrow(), removal), RepairRecord.class)
                : new RepairRecord("", "", List.of(), List.of(), List.of());
    }

    /** A file as a seal names it. */
    SealedFile sealed(String path) throws IOException {
        return SealedFile.of(store, layout.root(), path);
    }

    /** What was committed to the table of coverage since the seal before this one. */
    private Set<String> unsealedCoverage(int number) throws IOException {
        int last = 0;
        for (int before = number - 1; before >= FIRST && last == 0; before--) {
            for (String path : readableSeal(layout.seal(before))) {
                last = Math.max(last, coverage.commitOf(path));
            }
        }
        Set<String> paths = new LinkedHashSet<>();
        for (int commit = Math.max(last, 1) + 1; commit <= coverage.commit(); commit++) {
            paths.addAll(coverage.commitFiles().of(commit));
        }
        return paths;
    }

    /** The files of a seal; none if it is not there, or damaged: then what it sealed is sealed again. */
    private List<String> readableSeal(String path) throws IOException {
        try {
            return exists(path)
                    ? readSeal(path).files().stream()
                            .map(file -> layout.root() + file.path())
                            .toList()
                    : List.of();
        } catch (TraversionException e) {
            System.getLogger(SealChain.class.getName()).log(System.Logger.Level.WARNING, e.getMessage());
            return List.of();
        }
    }

    /** The files that seals name, by path in the store. */
    Set<String> sealedFiles() throws IOException {
        Set<String> paths = new TreeSet<>();
        for (StoredFile seal : store.list(layout.seals())) {
            for (SealedFile file : readSeal(seal.path()).files()) {
                paths.add(layout.root() + file.path());
            }
        }
        return paths;
    }

    private Seal readSeal(String path) throws IOException {
        try {
            byte[] file = StampedJson.check(read(path).orElseThrow(), store.location() + "/" + path);
            return StoredJson.read(file, Seal.class);
        } catch (JacksonException e) {
            throw new TraversionException(
                    store.location() + "/" + path
                            + " is damaged: it is not a seal. Restore it from a copy of the recording.",
                    e);
        }
    }

    /** The number of the newest commit that is sealed; 0 if none is. */
    int newest() throws IOException {
        int newest = 0;
        for (StoredFile file : store.list(layout.seals())) {
            newest = Math.max(newest, Seal.number(file.path()));
        }
        return newest;
    }

    private boolean exists(String path) throws IOException {
        return read(path).isPresent();
    }

    private Optional<byte[]> read(String path) throws IOException {
        try (InputStream in = store.read(path)) {
            return Optional.of(in.readAllBytes());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
