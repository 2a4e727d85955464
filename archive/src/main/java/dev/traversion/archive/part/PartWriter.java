/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.ResourceVersions;
import dev.traversion.archive.json.ChangedPaths;
import dev.traversion.archive.json.FieldManagers;
import dev.traversion.archive.json.ManagedFields;
import dev.traversion.archive.parquet.BooleanWriter;
import dev.traversion.archive.parquet.Compression;
import dev.traversion.archive.parquet.IntWriter;
import dev.traversion.archive.parquet.LongWriter;
import dev.traversion.archive.parquet.ParquetWriter;
import dev.traversion.archive.parquet.TextWriter;
import dev.traversion.archive.parquet.WordWriter;
import dev.traversion.archive.parquet.WordsWriter;
import dev.traversion.archive.parquet.WrittenFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes a part. Versions must come in the order of (key, resourceVersion), a key's carry row first. For one thread; memory is
 * bounded by a row group without its bodies.
 */
public final class PartWriter implements AutoCloseable {

    // readers load the index of a row group as a whole; a key never lies in two
    private static final int GROUP_ROWS = 28_000;
    private static final byte[] NOTHING = {};

    private final ParquetWriter file;
    private final long start;
    private final long end;

    private final LongWriter partStart;
    private final LongWriter partEnd;
    private final WordWriter group;
    private final WordWriter resource;
    private final WordWriter kind;
    private final WordWriter namespace;
    private final WordWriter name;
    private final WordWriter uid;
    private final TextWriter resourceVersion;
    private final LongWriter observedAt;
    private final LongWriter validTo;
    private final WordWriter operation;
    private final BooleanWriter carry;
    private final WordWriter fieldManager;
    private final WordsWriter changedPaths;
    private final TextWriter body;
    private final TextWriter managedFields;
    private final IntWriter managedFieldsAt;

    private final ChangedPaths comparison = new ChangedPaths();
    private final SortedMap<ResourceType, TypeRange> types = new TreeMap<>();
    private final StringBuilder groupKeys = new StringBuilder();
    private ObjectKey groupFirst;

    private long rows;
    private ObjectKey lastKey;
    private String lastUid = "";
    private byte[] lastBody = NOTHING;
    private ManagedFields lastFields;
    private String lastManager = "";

    private ResourceType type;
    private long typeFirstRow;
    private long typeFirstObserved;
    private long typeFirstChange;
    private long typeLastChange;
    private String typeEndVersion = "";

    /**
     * @param path of the new file
     * @param start see {@link PartFile#start()}
     * @param end see {@link PartFile#end()}
     */
    public PartWriter(Path path, long start, long end, Compression compression) throws IOException {
        this.start = start;
        this.end = end;
        file = new ParquetWriter(path, VersionsSchema.TABLE, compression, VersionsSchema.BODY);
        partStart = file.longs(VersionsSchema.PART_START);
        partEnd = file.longs(VersionsSchema.PART_END);
        group = file.words(VersionsSchema.GROUP);
        resource = file.words(VersionsSchema.RESOURCE);
        kind = file.words(VersionsSchema.KIND);
        namespace = file.words(VersionsSchema.NAMESPACE);
        name = file.words(VersionsSchema.NAME);
        uid = file.words(VersionsSchema.UID);
        resourceVersion = file.texts(VersionsSchema.RESOURCE_VERSION);
        observedAt = file.longs(VersionsSchema.OBSERVED_AT);
        validTo = file.longs(VersionsSchema.VALID_TO);
        operation = file.words(VersionsSchema.OPERATION);
        carry = file.booleans(VersionsSchema.CARRY);
        fieldManager = file.words(VersionsSchema.FIELD_MANAGER);
        changedPaths = file.wordLists(VersionsSchema.CHANGED_PATHS);
        body = file.texts(VersionsSchema.BODY);
        managedFields = file.texts(VersionsSchema.MANAGED_FIELDS);
        managedFieldsAt = file.ints(VersionsSchema.MANAGED_FIELDS_AT);
    }

    /**
     * Takes over what the part before knew of its types: which there were, and their newest resourceVersions, which rows of objects
     * deleted since do not tell any more. To be called before the first version is added.
     */
    public void follow(PartReader previous) {
        for (TypeRange range : previous.typeRanges()) {
            types.put(range.type(), range.carried());
        }
    }

    /** Takes over what another part knew of its types before its first version, to be its replacement. As {@link #follow}. */
    void replace(PartReader other) {
        for (TypeRange range : other.typeRanges()) {
            types.put(range.type(), range.before());
        }
    }

    /**
     * Adds a version.
     *
     * @param until when the part's next version of the key was observed; {@link Long#MAX_VALUE} if this is its last
     * @param carried whether an earlier part holds it already
     */
    public void add(ObjectVersion version, long until, boolean carried) throws IOException {
        ObjectKey key = version.key();
        boolean sameKey = key.equals(lastKey);
        if (!sameKey) {
            beginKey(key);
        }
        if (groupFirst == null) {
            groupFirst = key;
        }
        byte[] bytes = version.body();
        String versionUid = version.uid();
        addBody(bytes, version.operation(), sameKey && versionUid.equals(lastUid), carried);

        partStart.add(start);
        partEnd.add(end);
        group.add(key.type().group());
        resource.add(key.type().resource());
        kind.add(version.kind());
        namespace.add(key.namespace());
        name.add(key.name());
        uid.add(versionUid);
        resourceVersion.add(version.resourceVersion());
        observedAt.add(version.observedAt());
        validTo.add(until);
        operation.add(version.operation().name());
        carry.add(carried);

        typeFirstObserved = Math.min(typeFirstObserved, version.observedAt());
        if (typeEndVersion.isEmpty() || ResourceVersions.compare(version.resourceVersion(), typeEndVersion) > 0) {
            typeEndVersion = version.resourceVersion();
        }
        if (!carried) {
            typeFirstChange = Math.min(typeFirstChange, version.observedAt());
            typeLastChange = Math.max(typeLastChange, version.observedAt());
        }
        lastUid = versionUid;
        rows++;
        file.endRow();
    }

    private void beginKey(ObjectKey key) throws IOException {
        if (lastKey != null && key.compareTo(lastKey) < 0) {
            throw new IllegalArgumentException(key + " comes after " + lastKey);
        }
        if (file.groupRows() >= GROUP_ROWS) {
            endGroup();
        }
        if (!key.type().equals(type)) {
            endType();
            beginType(key.type());
        }
        lastKey = key;
    }

    /** Splits the body, and compares it with the version before it, if that is of the same object. */
    private void addBody(byte[] bytes, Operation how, boolean sameObject, boolean carried) throws IOException {
        ManagedFields fields = ManagedFields.find(bytes, bytes.length);
        String manager = "";
        if (fields == null) {
            body.add(bytes, 0, bytes.length);
            managedFields.add(NOTHING, 0, 0);
            managedFieldsAt.add(-1);
        } else {
            body.addWithout(bytes, fields.at(), fields.resume());
            managedFields.add(bytes, fields.valueStart(), fields.valueEnd());
            managedFieldsAt.add(fields.at());
            manager = sameObject && lastFields != null
                    ? manager(bytes, fields)
                    : FieldManagers.newest(bytes, fields.valueStart(), fields.valueEnd());
        }
        fieldManager.add(manager);
        boolean comparable = how == Operation.MODIFIED && sameObject && !carried;
        changedPaths.add(
                comparable && bytes.length > 0 && lastBody.length > 0
                        ? comparison.between(lastBody, lastBody.length, bytes, bytes.length)
                        : List.of());
        lastBody = bytes;
        lastFields = fields;
        lastManager = manager;
    }

    private String manager(byte[] bytes, ManagedFields fields) {
        int before = lastFields.valueStart();
        int beforeEnd = lastFields.valueEnd();
        if (Arrays.equals(bytes, fields.valueStart(), fields.valueEnd(), lastBody, before, beforeEnd)) {
            return lastManager;
        }
        return FieldManagers.newest(bytes, fields.valueStart(), fields.valueEnd(), lastBody, before, beforeEnd);
    }

    private void beginType(ResourceType next) {
        TypeRange known = types.get(next);
        type = next;
        typeFirstRow = rows;
        typeFirstObserved = known == null ? Long.MAX_VALUE : known.firstObserved();
        typeFirstChange = Long.MAX_VALUE;
        typeLastChange = Long.MIN_VALUE;
        typeEndVersion = known == null ? "" : known.endVersion();
    }

    private void endType() {
        if (type == null) {
            return;
        }
        TypeRange known = types.get(type);
        types.put(
                type,
                new TypeRange(
                        type,
                        typeFirstRow,
                        rows - typeFirstRow,
                        typeFirstObserved,
                        typeFirstChange,
                        typeLastChange,
                        known == null ? "" : known.endVersion(),
                        typeEndVersion));
    }

    private void endGroup() throws IOException {
        if (file.groupRows() > 0) {
            groupKeys.append(file.groupRows()).append('\t');
            groupKeys.append(groupFirst.type().group()).append('\t');
            groupKeys.append(groupFirst.type().resource()).append('\t');
            groupKeys.append(groupFirst.path()).append('\n');
            groupFirst = null;
            file.endGroup();
        }
    }

    /** Ends the part. The file must be stored under the name the result gives: it protects the footer. */
    public WrittenFile finish() throws IOException {
        endGroup();
        endType();
        return file.finish(Map.of(
                VersionsSchema.FORMAT_PROPERTY,
                VersionsSchema.FORMAT,
                VersionsSchema.START_PROPERTY,
                Long.toString(start),
                VersionsSchema.END_PROPERTY,
                Long.toString(end),
                VersionsSchema.TYPES_PROPERTY,
                TypeRange.format(types.values()),
                VersionsSchema.KEYS_PROPERTY,
                groupKeys.toString()));
    }

    /** Gives up and deletes the file, unless it is finished. */
    public void abandon() throws IOException {
        file.abandon();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
