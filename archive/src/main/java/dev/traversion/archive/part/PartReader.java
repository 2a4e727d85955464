/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.ResourceVersions;
import dev.traversion.archive.Trait;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.parquet.ColumnStats;
import dev.traversion.archive.parquet.ParquetFile;
import dev.traversion.archive.parquet.TextPage;
import dev.traversion.archive.parquet.WrittenFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads a part: a mapped file, an index of its rows per row group that is loaded when needed, and bodies decompressed when asked
 * for. It needs no closing; the file stays mapped while anything of it is in use.
 */
public final class PartReader implements VersionSource {

    private final ParquetFile file;
    private final PartCaches caches;
    private final List<TypeRange> types;
    private final GroupKeys groups;
    private final PartTraits traits;

    private PartReader(ParquetFile file, PartCaches caches, List<TypeRange> types, GroupKeys groups) {
        this.file = file;
        this.caches = caches;
        this.types = types;
        this.groups = groups;
        traits = new PartTraits(this, caches);
    }

    /**
     * Opens a part.
     *
     * @param path of the file or of a copy of it
     * @param name the name it is stored under, with its folder
     * @throws TraversionException if it is damaged, or written by a newer version of Traversion
     */
    public static PartReader open(Path path, String name, PartCaches caches) throws IOException {
        ParquetFile file = ParquetFile.open(path, name, VersionsSchema.TABLE);
        String format = file.properties().getOrDefault(VersionsSchema.FORMAT_PROPERTY, "none");
        if (!major(format).equals(major(VersionsSchema.FORMAT))) {
            throw new TraversionException(
                    "%s has format %s; this version of Traversion reads format %s. Use a newer Traversion to read it."
                            .formatted(name, format, VersionsSchema.FORMAT));
        }
        try {
            List<TypeRange> types = TypeRange.parse(file.properties().get(VersionsSchema.TYPES_PROPERTY));
            GroupKeys groups = GroupKeys.parse(file.properties().get(VersionsSchema.KEYS_PROPERTY));
            return new PartReader(file, caches, types, groups);
        } catch (IllegalArgumentException e) {
            throw new TraversionException(name + " is damaged: its footer does not describe its rows.", e);
        }
    }

    private static String major(String format) {
        int dot = format.indexOf('.');
        return dot < 0 ? format : format.substring(0, dot);
    }

    @Override
    public List<ResourceType> types(long time) {
        return types.stream()
                .filter(range -> range.firstObserved() <= time)
                .map(TypeRange::type)
                .toList();
    }

    @Override
    public Optional<ObjectVersion> last(ObjectKey key, long time) {
        Place place = find(key);
        int row = place == null ? -1 : place.index.lastRow(place.key, time);
        return row < 0 ? Optional.empty() : Optional.of(version(place, row));
    }

    @Override
    public VersionCursor states(ResourceType type, String namespace, ObjectKey after, long time) {
        TypeRange range = range(type);
        if (range == null || range.firstObserved() > time) {
            return select(0, 0, 0, (index, rows) -> 0);
        }
        byte[] from = firstPath(namespace, after);
        byte[] to = namespace.isEmpty() ? null : utf8(namespace + (char) ('/' + 1));
        int firstGroup = Math.max(groups.firstOf(range), from.length == 0 ? 0 : groups.find(type, from));
        int endGroup = groups.endOf(range);
        byte[] skipped = after == null ? null : utf8(after.path());
        return select(firstGroup, endGroup, ReadAhead.THREADS, (index, rows) -> {
            int t = index.findType(type);
            if (t < 0) {
                return 0;
            }
            int key = index.ceilingKey(t, from);
            if (skipped != null && key < index.endKey(t) && index.isPath(key, skipped)) {
                key++;
            }
            int endKey = to == null ? index.endKey(t) : index.ceilingKey(t, to);
            int count = 0;
            for (; key < endKey; key++) {
                int row = index.lastRow(key, time);
                if (row >= 0) {
                    rows[count++] = row;
                }
            }
            return count;
        });
    }

    /** The lowest path that can be in a namespace and not before {@code after}. */
    private static byte[] firstPath(String namespace, ObjectKey after) {
        byte[] first = namespace.isEmpty() ? new byte[0] : utf8(namespace + "/");
        if (after == null) {
            return first;
        }
        byte[] afterPath = utf8(after.path());
        return Arrays.compareUnsigned(afterPath, first) > 0 ? afterPath : first;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What was worked out of its versions. */
    PartTraits traits() {
        return traits;
    }

    /** Chosen rows of a row group. Other threads do not help. */
    SelectedRows rows(int group, SelectedRows.Selection selection) {
        return select(group, group + 1, 0, selection);
    }

    private static int all(RowIndex index, int[] rows) {
        for (int row = 0; row < index.rows(); row++) {
            rows[row] = row;
        }
        return index.rows();
    }

    /** All objects alive at the part's end, in key order: the next part's carry rows. */
    public VersionCursor live() {
        return select(0, file.groups(), ReadAhead.THREADS, (index, rows) -> {
            int count = 0;
            for (int row = 0; row < index.rows(); row++) {
                if (index.validTo(row) == Long.MAX_VALUE && index.operation(row) != Operation.DELETED) {
                    rows[count++] = row;
                }
            }
            return count;
        });
    }

    /** A column of a row group as it is in the file, which no index holds. */
    long[] storedLongs(int group, String column) {
        return file.longs(group, column);
    }

    /** All rows, carry rows included, in key order. Other threads do not help: this is for work in the background. */
    public VersionCursor rows() {
        return select(0, file.groups(), 0, PartReader::all);
    }

    /** The carry rows, in key order. */
    VersionCursor carried() {
        return select(0, file.groups(), ReadAhead.THREADS, (index, rows) -> {
            int count = 0;
            for (int row = 0; row < index.rows(); row++) {
                if (index.isCarry(row)) {
                    rows[count++] = row;
                }
            }
            return count;
        });
    }

    private SelectedRows select(int firstGroup, int endGroup, int helpers, SelectedRows.Selection selection) {
        return new SelectedRows(this, firstGroup, endGroup, helpers, selection);
    }

    @Override
    public boolean versions(ObjectKey key, long from, long to, ObjectVersion.Visitor visitor) throws IOException {
        Place place = find(key);
        if (place == null) {
            return true;
        }
        for (int row = place.index.firstRow(place.key); row < place.index.endRow(place.key); row++) {
            long time = place.index.observedAt(row);
            boolean wanted = time >= from && time <= to && !place.index.isCarry(row);
            if (wanted && !visitor.visit(version(place, row))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean changes(ResourceType type, String namespace, long from, long to, ObjectVersion.Visitor visitor)
            throws IOException {
        TypeRange range = range(type);
        if (range == null || range.firstChange() > to || range.lastChange() <= from) {
            return true;
        }
        ChangeOrder order = new ChangeOrder();
        byte[] low = firstPath(namespace, null);
        byte[] high = namespace.isEmpty() ? null : utf8(namespace + (char) ('/' + 1));
        for (int group = groups.firstOf(range); group < groups.endOf(range); group++) {
            RowIndex index = index(group);
            int t = index.findType(type);
            if (t >= 0) {
                int first = index.firstRow(index.ceilingKey(t, low));
                int end = index.firstRow(high == null ? index.endKey(t) : index.ceilingKey(t, high));
                for (int row = first; row < end; row++) {
                    long time = index.observedAt(row);
                    if (time > from && time <= to && !index.isCarry(row)) {
                        order.add(time, group, row);
                    }
                }
            }
        }
        order.sort();
        for (int i = 0; i < order.size(); i++) {
            RowIndex index = index(order.group(i));
            if (!visitor.visit(new PartVersion(index, order.row(i), new Cached(order.group(i), index)))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean unorderedChanges(
            ResourceType type, String namespace, long from, long to, ObjectVersion.Visitor visitor) throws IOException {
        TypeRange range = range(type);
        if (range == null || range.firstChange() > to || range.lastChange() <= from) {
            return true;
        }
        byte[] low = firstPath(namespace, null);
        byte[] high = namespace.isEmpty() ? null : utf8(namespace + (char) ('/' + 1));
        SelectedRows.Selection changed = (index, rows) -> {
            int t = index.findType(type);
            if (t < 0) {
                return 0;
            }
            int end = index.firstRow(high == null ? index.endKey(t) : index.ceilingKey(t, high));
            int count = 0;
            for (int row = index.firstRow(index.ceilingKey(t, low)); row < end; row++) {
                long time = index.observedAt(row);
                if (time > from && time <= to && !index.isCarry(row)) {
                    rows[count++] = row;
                }
            }
            return count;
        };
        try (VersionCursor cursor = select(groups.firstOf(range), groups.endOf(range), ReadAhead.THREADS, changed)) {
            while (cursor.next()) {
                if (!visitor.visit(cursor.current())) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public String resourceVersion(ResourceType type, long time) {
        TypeRange range = range(type);
        if (range == null || range.firstObserved() > time) {
            return "";
        }
        if (range.lastChange() <= time) {
            return range.endVersion();
        }
        String greatest = range.startVersion();
        long number = RowIndex.number(greatest);
        for (int group = groups.firstOf(range); group < groups.endOf(range); group++) {
            RowIndex index = index(group);
            int t = index.findType(type);
            int end = t < 0 ? 0 : index.firstRow(index.endKey(t));
            for (int row = t < 0 ? 0 : index.firstRow(index.firstKey(t)); row < end; row++) {
                if (index.observedAt(row) <= time && (greatest.isEmpty() || index.isNewer(row, greatest, number))) {
                    greatest = index.resourceVersion(row);
                    number = RowIndex.number(greatest);
                }
            }
        }
        return greatest;
    }

    @Override
    public OptionalLong firstNewer(ResourceType type, String resourceVersion) {
        TypeRange range = range(type);
        if (range == null || ResourceVersions.compare(range.endVersion(), resourceVersion) <= 0) {
            return OptionalLong.empty();
        }
        long number = RowIndex.number(resourceVersion);
        long first = Long.MAX_VALUE;
        for (int group = groups.firstOf(range); group < groups.endOf(range); group++) {
            RowIndex index = index(group);
            int t = index.findType(type);
            int end = t < 0 ? 0 : index.firstRow(index.endKey(t));
            for (int row = t < 0 ? 0 : index.firstRow(index.firstKey(t)); row < end; row++) {
                if (index.observedAt(row) < first
                        && !index.isCarry(row)
                        && index.isNewer(row, resourceVersion, number)) {
                    first = index.observedAt(row);
                }
            }
        }
        return first == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(first);
    }

    @Override
    public OptionalLong firstChange(ResourceType type) {
        TypeRange range = range(type);
        return range == null || !range.hasChanges() ? OptionalLong.empty() : OptionalLong.of(range.firstChange());
    }

    @Override
    public OptionalLong lastChange(ResourceType type) {
        TypeRange range = range(type);
        return range == null || !range.hasChanges() ? OptionalLong.empty() : OptionalLong.of(range.lastChange());
    }

    /** What its footer says of each type, in order. */
    List<TypeRange> typeRanges() {
        return types;
    }

    /** How a table lists it, by what the part says of itself. */
    public PartFile asListed() {
        return new PartFile(
                file.name(),
                Long.parseLong(file.properties().get(VersionsSchema.START_PROPERTY)),
                Long.parseLong(file.properties().get(VersionsSchema.END_PROPERTY)),
                rowCount(),
                file.bytes());
    }

    /** What its writer said of it, as far as a table needs it. */
    public WrittenFile asWritten() {
        PartFile listed = asListed();
        List<ColumnStats> columns = List.of(
                constant(VersionsSchema.PART_START, listed.start()), constant(VersionsSchema.PART_END, listed.end()));
        String last = file.name().substring(file.name().lastIndexOf('/') + 1);
        return new WrittenFile(null, last, listed.rows(), listed.bytes(), columns, null);
    }

    private ColumnStats constant(String column, long value) {
        int fieldId = VersionsSchema.TABLE.columns().stream()
                .filter(each -> each.name().equals(column))
                .findFirst()
                .orElseThrow()
                .fieldId();
        return new ColumnStats(fieldId, rowCount(), 0, new ColumnStats.Range(value, value));
    }

    private long rowCount() {
        long rows = 0;
        for (int group = 0; group < file.groups(); group++) {
            rows += file.rows(group);
        }
        return rows;
    }

    /** The name the part is stored under. */
    public String name() {
        return file.name();
    }

    RowIndex index(int group) {
        return caches.indexes().get(new PartCaches.GroupId(file.name(), group), () -> RowIndex.load(file, group));
    }

    private TypeRange range(ResourceType type) {
        for (TypeRange range : types) {
            if (range.type().equals(type)) {
                return range;
            }
        }
        return null;
    }

    private Place find(ObjectKey key) {
        if (range(key.type()) == null) {
            return null;
        }
        byte[] path = utf8(key.path());
        int group = groups.find(key.type(), path);
        if (group < 0) {
            return null;
        }
        RowIndex index = index(group);
        int t = index.findType(key.type());
        if (t < 0) {
            return null;
        }
        int found = index.ceilingKey(t, path);
        return found < index.endKey(t) && index.isPath(found, path) ? new Place(group, index, found) : null;
    }

    private PartVersion version(Place place, int row) {
        return new PartVersion(place.index, row, new Cached(place.group, place.index));
    }

    private record Place(int group, RowIndex index, int key) {}

    /** Pages for single rows, kept for the next ones. */
    private final class Cached implements BodyPages {

        private final int group;
        private final RowIndex index;

        Cached(int group, RowIndex index) {
            this.group = group;
            this.index = index;
        }

        @Override
        public TextPage body(int row) {
            int page = index.bodies().pageOf(row);
            PartCaches.PageId id = new PartCaches.PageId(file.name(), VersionsSchema.BODY, group, page);
            return caches.pages().get(id, () -> index.bodies().read(page, null));
        }

        @Override
        public long trait(Trait trait, int row, ObjectVersion version) throws IOException {
            return traits.of(trait, group).get(row, version);
        }

        @Override
        public TextPage managedFields(int row) {
            int page = index.managedFields().pageOf(row);
            PartCaches.PageId id = new PartCaches.PageId(file.name(), VersionsSchema.MANAGED_FIELDS, group, page);
            return caches.pages().get(id, () -> index.managedFields().read(page, null));
        }
    }
}
