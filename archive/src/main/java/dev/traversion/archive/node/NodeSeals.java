/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.Layout;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.json.StampedJson;
import dev.traversion.archive.json.StoredJson;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.seal.Seal;
import dev.traversion.archive.seal.Seal.SealedFile;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.archive.table.RecordingTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The seals of a table: each names metadata and manifests of its commit. They are kept as long as the commits are.
 *
 * <p>Whoever seals a commit writes the same: so it does not matter who does, nor whether one who slept does it again.
 */
final class NodeSeals {

    /** The first commit makes an empty table, and has no seal. */
    static final int FIRST = 2;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Store store;
    private final Layout layout;
    private final String folder;

    NodeSeals(Store store, Layout layout, LandingTable table) {
        this.store = store;
        this.layout = layout;
        this.folder = layout.tableSeals(table.tableName());
    }

    String path(int commit) {
        return folder + commit + ".json";
    }

    /** The number of the newest commit that is sealed; 0 if none is. */
    int newest() throws IOException {
        return store.list(folder).stream()
                .mapToInt(file -> Seal.number(file.path()))
                .max()
                .orElse(0);
    }

    /** The newest commit that the seals of the recording know of; 0 if they know of none. */
    int known(Map<String, SealedFile> named) {
        return named.keySet().stream()
                .filter(path -> path.startsWith(folder))
                .mapToInt(Seal::number)
                .max()
                .orElse(0);
    }

    /** Seals the newest commit, unless it is. */
    void complete(RecordingTable committed) throws IOException {
        int number = committed.commit();
        if (number < FIRST || read(path(number)).isPresent()) {
            return;
        }
        try {
            List<SealedFile> files = new ArrayList<>();
            String time = "";
            for (String path : committed.commitFiles().metadataSince(number)) {
                files.add(SealedFile.of(store, layout.root(), path));
                time = committed.commitOf(path) == number ? time(path) : time;
            }
            String previous = read(path(number - 1)).map(Seal::sha256).orElse("");
            if (committed.newest() == number) {
                Seal seal = new Seal("1.0", number, previous, time, files, Map.of(), List.of());
                store.create(path(number), StampedJson.stamp(JSON.writeValueAsString(seal)));
            }
        } catch (FileAlreadyExistsException | NoSuchFileException e) {
            // Others sealed it meanwhile, and may even have committed since.
            System.getLogger(NodeSeals.class.getName()).log(System.Logger.Level.DEBUG, "sealed meanwhile", e);
        }
    }

    /** When the commit was made, which is the same for all who seal it. */
    private String time(String metadata) throws IOException {
        JsonNode commit = StoredJson.read(read(metadata).orElseThrow(), JsonNode.class);
        return Instant.ofEpochMilli(commit.path("last-updated-ms").asLong()).toString();
    }

    /**
     * A seal that is there.
     *
     * @param files what it names; none if it cannot be believed
     * @param problem what is wrong with it, a sentence; {@code ""} if nothing is
     */
    record Kept(String path, int number, String sha256, List<SealedFile> files, String problem) {}

    /**
     * Those that are there, oldest first.
     *
     * @param named what the seals of the recording say of them, by path in the store
     */
    List<Kept> kept(Map<String, SealedFile> named) throws IOException {
        List<StoredFile> there = store.list(folder).stream()
                .filter(file -> Seal.number(file.path()) > 0)
                .sorted(Comparator.comparingInt(file -> Seal.number(file.path())))
                .toList();
        List<Kept> kept = new ArrayList<>();
        for (StoredFile file : there) {
            Optional<byte[]> content = read(file.path());
            if (content.isPresent()) {
                kept.add(kept(
                        file.path(), content.get(), named.get(file.path()), kept.isEmpty() ? null : kept.getLast()));
            }
        }
        return kept;
    }

    private static Kept kept(String path, byte[] content, SealedFile named, Kept before) throws IOException {
        String sha256 = Seal.sha256(content);
        int number = Seal.number(path);
        List<SealedFile> files = List.of();
        String problem = "";
        try {
            Seal seal = StoredJson.read(StampedJson.check(content, path), Seal.class);
            if (seal.number() != number) {
                problem = path + " is damaged: it is the seal of commit " + seal.number() + ".";
            } else if (named != null && !named.sha256().equals(sha256)) {
                problem = path + " is not what a seal of the recording says: it was changed.";
            } else {
                files = seal.files();
                boolean follows = before == null
                        || before.number() != number - 1
                        || seal.previous().isEmpty()
                        || seal.previous().equals(before.sha256());
                problem = follows ? "" : path + " does not follow the seal before it: one of the two was changed.";
            }
        } catch (TraversionException e) {
            problem = e.getMessage();
        } catch (JacksonException e) {
            problem = path + " is damaged: it is not a seal.";
        }
        return new Kept(path, number, sha256, files, problem);
    }

    private Optional<byte[]> read(String path) throws IOException {
        try (InputStream in = store.read(path)) {
            return Optional.of(in.readAllBytes());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
