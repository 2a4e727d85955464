/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.json.StampedJson;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;

/**
 * Commits as numbered files: number N+1 is created only if nobody else created it. Never two, and never one that was built on
 * another than N.
 *
 * <p>Old numbers are deleted some day. So whoever slept so long that N+1 is gone could create it again: who created a number looks
 * whether there are greater ones, and takes it back if they were not built on his. Readers look for greater numbers whenever they move, and now and then.
 */
final class StoreTableOperations implements TableOperations {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern METADATA = Pattern.compile(".*/metadata/v(\\d{1,9})\\.metadata\\.json");

    private static final long LOOK_AROUND_NANOS = 60_000_000_000L;

    private final Store store;
    private final String root;
    private final StoreFileIo io;
    private TableMetadata current;
    private int number;
    private long lookedAround;

    /** @param root of the table in the store, {@code clusters/<id>/versions} */
    StoreTableOperations(Store store, String root) {
        this.store = store;
        this.root = root;
        this.io = new StoreFileIo(store);
    }

    /** The number of the commit last seen; 0 if there is none. */
    int number() {
        return number;
    }

    /** The metadata of a commit; null if it is not there. */
    TableMetadata at(int commit) throws IOException {
        return commit == number ? current : read(commit);
    }

    /**
     * Takes an older commit for what the next one is built on.
     *
     * @param commit 0 for none
     * @param last the number that the next one follows
     */
    void goOnFrom(int commit, int last) throws IOException {
        number = last;
        current = commit == 0 ? null : read(commit);
    }

    /** The number of the commit whose metadata a path is; 0 if it is another file. */
    int number(String path) {
        Matcher matcher = METADATA.matcher(path);
        boolean isOfTable = path.startsWith(root + "/") && matcher.matches();
        return isOfTable ? Integer.parseInt(matcher.group(1)) : 0;
    }

    @Override
    public TableMetadata current() {
        return current;
    }

    /**
     * What was seen last. Iceberg asks for it while it commits; but a commit is only right for the state its maker has seen, so nothing
     * newer is looked for here. That is {@link #advance}.
     */
    @Override
    public TableMetadata refresh() {
        return current;
    }

    /** Takes notice of commits made since, and gives the newest. */
    TableMetadata advance() throws IOException {
        int before = number;
        TableMetadata next = number == 0 ? null : read(number + 1);
        while (next != null) {
            number++;
            current = next;
            next = read(number + 1);
        }
        if (number == 0 || number != before || System.nanoTime() - lookedAround > LOOK_AROUND_NANOS) {
            lookAround();
        }
        return current;
    }

    /** Takes notice of the newest commit, also if those before it were deleted long ago. */
    void lookAround() throws IOException {
        lookedAround = System.nanoTime();
        int newest = newest();
        if (newest > number) {
            number = newest;
            current = read(newest);
        }
    }

    @Override
    @SuppressWarnings("ReferenceEquality")
    public void commit(TableMetadata base, TableMetadata metadata) {
        // Iceberg hands back the very metadata it was given: identity is the question here.
        if (base != current) {
            throw new CommitFailedException("%s changed meanwhile", root);
        }
        int next = number + 1;
        try {
            TableMetadata checked = metadata.replaceProperties(checks(metadata));
            store.create(path(next), StampedJson.stamp(TableMetadataParser.toJson(checked)));
            if (newest() > next && !isContinued(next, metadata)) {
                store.delete(path(next));
                throw new CommitFailedException("commit %d of %s was made by another, long ago", next, root);
            }
            number = next;
            current = read(next);
        } catch (FileAlreadyExistsException e) {
            throw new CommitFailedException(e, "commit %d of %s was made by another", next, root);
        } catch (IOException e) {
            throw new CommitStateUnknownException(e);
        }
    }

    /** Whether the commit after this one was built on it. */
    private boolean isContinued(int commit, TableMetadata metadata) throws IOException {
        TableMetadata after = read(commit + 1);
        if (after == null && read(commit) == null) {
            throw new IOException("commit " + commit + " of " + root + " is old already");
        }
        Snapshot own = metadata.currentSnapshot();
        Snapshot next = after == null ? null : after.currentSnapshot();
        return after != null
                && Objects.equals(own == null ? null : own.snapshotId(), next == null ? null : next.parentId());
    }

    /** A commit names what it consists of together with its checksum; the commit's own file carries its own. */
    private Map<String, String> checks(TableMetadata metadata) throws IOException {
        Map<String, String> properties = new HashMap<>(metadata.properties());
        properties.put(StampedJson.NAME, "");
        if (metadata.currentSnapshot() != null) {
            properties.put(StoreFileIo.CHECKSUMS, io.checksums(metadata.currentSnapshot()));
        }
        return properties;
    }

    @Override
    public FileIO io() {
        return io;
    }

    @Override
    public String metadataFileLocation(String fileName) {
        return StoreFileIo.location(store, root + "/metadata/" + fileName);
    }

    @Override
    public LocationProvider locationProvider() {
        return LocationProviders.locationsFor(current.location(), current.properties());
    }

    /** The greatest number that is there, whatever is in it. */
    int newest() throws IOException {
        NavigableSet<Integer> numbers = numbers();
        return numbers.isEmpty() ? 0 : numbers.last();
    }

    /** Those that are there, whatever is in them. */
    NavigableSet<Integer> numbers() throws IOException {
        NavigableSet<Integer> numbers = new TreeSet<>();
        for (StoredFile file : store.list(root + "/metadata/")) {
            numbers.add(number(file.path()));
        }
        numbers.remove(0);
        return numbers;
    }

    private TableMetadata read(int commit) throws IOException {
        String path = path(commit);
        String json;
        try (InputStream in = store.read(path)) {
            byte[] file = StampedJson.check(in.readAllBytes(), store.location() + "/" + path);
            json = new String(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return null;
        }
        try {
            String location = StoreFileIo.location(store, path);
            TableMetadata metadata = TableMetadataParser.fromJson(location, json);
            io.expect(metadata.property(StoreFileIo.CHECKSUMS, ""));
            long now = System.currentTimeMillis();
            return metadata.lastUpdatedMillis() <= now
                    ? metadata
                    : TableMetadataParser.fromJson(location, notAfter(now, json));
        } catch (IOException | RuntimeException e) {
            throw new TraversionException(
                    store.location() + "/" + path + " is damaged (" + e.getMessage() + "). Restore it from a backup.",
                    e);
        }
    }

    /**
     * Iceberg refuses a commit that is more than a minute older than the one before. After a clock was put back that would be every
     * commit until it has caught up: so what seems to lie in the future is taken to have happened now.
     */
    private static String notAfter(long now, String json) throws IOException {
        JsonNode metadata = JSON.readTree(json);
        for (JsonNode dated : metadata.findParents("timestamp-ms")) {
            notAfter(now, (ObjectNode) dated, "timestamp-ms");
        }
        notAfter(now, (ObjectNode) metadata, "last-updated-ms");
        return JSON.writeValueAsString(metadata);
    }

    private static void notAfter(long now, ObjectNode dated, String field) {
        dated.put(field, Math.min(now, dated.path(field).asLong()));
    }

    private String path(int commit) {
        return root + "/metadata/v" + commit + ".metadata.json";
    }
}
