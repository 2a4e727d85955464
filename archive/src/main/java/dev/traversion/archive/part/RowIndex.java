/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.ResourceVersions;
import dev.traversion.archive.parquet.ParquetFile;
import dev.traversion.archive.parquet.TextPage;
import dev.traversion.archive.parquet.TextPages;
import dev.traversion.archive.parquet.Words;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * All of a row group but the bodies, in primitive arrays: some 25 bytes a row. Keys and rows are numbered within the row group, in
 * its order. Immutable.
 */
final class RowIndex {

    private static final long NOT_NUMERIC = -1;
    private static final int MAX_LONG_DIGITS = 18;

    private final int rows;
    private final ResourceType[] types;
    // by type, and one more: its first key
    private final int[] typeKey;
    // by key, and one more: its first row, and where its namespace/name begins
    private final int[] keyRow;
    private final int[] keyPath;
    private final byte[] paths;
    private final Numbers namespaceLength;
    private final long[] observedAt;
    private final long[] resourceVersion;
    private final String[] oddResourceVersion;
    private final Numbers managedFieldsAt;
    private final Numbers uid;
    private final Numbers kind;
    private final Numbers manager;
    private final Operation[] operations;
    // by row, position in the above, and in the lowest bit whether it is a carry row
    private final byte[] operation;
    private final Words uids;
    private final Words kinds;
    private final Words managers;
    private final TextPages bodies;
    private final TextPages managedFields;

    private RowIndex(ParquetFile file, int group) {
        rows = file.rows(group);
        observedAt = file.longs(group, VersionsSchema.OBSERVED_AT);
        Words uidWords = file.words(group, VersionsSchema.UID);
        Words kindWords = file.words(group, VersionsSchema.KIND);
        Words managerWords = file.words(group, VersionsSchema.FIELD_MANAGER);
        uid = new Numbers(uidWords.ids());
        kind = new Numbers(kindWords.ids());
        manager = new Numbers(managerWords.ids());
        uids = withoutIds(uidWords);
        kinds = withoutIds(kindWords);
        managers = withoutIds(managerWords);
        Words operationWords = file.words(group, VersionsSchema.OPERATION);
        operations = new Operation[operationWords.size()];
        for (int id = 0; id < operations.length; id++) {
            operations[id] = Operation.valueOf(operationWords.word(id));
        }
        operation = withCarry(operationWords.ids(), file.booleans(group, VersionsSchema.CARRY));
        int[] at = file.ints(group, VersionsSchema.MANAGED_FIELDS_AT);
        for (int row = 0; row < rows; row++) {
            at[row]++;
        }
        managedFieldsAt = new Numbers(at);
        bodies = file.texts(group, VersionsSchema.BODY);
        managedFields = file.texts(group, VersionsSchema.MANAGED_FIELDS);

        resourceVersion = new long[rows];
        oddResourceVersion = readResourceVersions(file, group, resourceVersion);

        Words groups = file.words(group, VersionsSchema.GROUP);
        Words resources = file.words(group, VersionsSchema.RESOURCE);
        Words namespaces = file.words(group, VersionsSchema.NAMESPACE);
        Words names = file.words(group, VersionsSchema.NAME);
        KeyScan scan = new KeyScan(rows, groups, resources, namespaces, names);
        types = scan.types();
        typeKey = scan.typeKeys();
        keyRow = scan.keyRows();
        keyPath = scan.pathStarts();
        paths = scan.paths();
        namespaceLength = new Numbers(scan.namespaceLengths());
    }

    static RowIndex load(ParquetFile file, int group) {
        return new RowIndex(file, group);
    }

    private static Words withoutIds(Words words) {
        return new Words(words.entries(), words.starts(), new int[0]);
    }

    private static byte[] withCarry(int[] operations, boolean[] carry) {
        byte[] both = new byte[carry.length];
        for (int row = 0; row < both.length; row++) {
            both[row] = (byte) ((operations[row] << 1) | (carry[row] ? 1 : 0));
        }
        return both;
    }

    /** Fills in those that are plain numbers; returns the others by row, null if there are none. */
    private static String[] readResourceVersions(ParquetFile file, int group, long[] numbers) {
        String[] odd = null;
        TextPages pages = file.texts(group, VersionsSchema.RESOURCE_VERSION);
        for (int p = 0; p < pages.count(); p++) {
            TextPage page = pages.read(p, null);
            for (int row = pages.firstRow(p); row < pages.firstRow(p + 1); row++) {
                long number = number(page.bytes(), page.from(row), page.to(row));
                numbers[row] = number;
                if (number == NOT_NUMERIC) {
                    odd = odd == null ? new String[numbers.length] : odd;
                    odd[row] = new String(page.bytes(), page.from(row), page.length(row), StandardCharsets.UTF_8);
                }
            }
        }
        return odd;
    }

    private static long number(byte[] digits, int from, int to) {
        boolean canonical = to - from == 1 || (to > from && digits[from] != '0');
        if (!canonical || to - from > MAX_LONG_DIGITS) {
            return NOT_NUMERIC;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            int digit = digits[i] - '0';
            if (digit < 0 || digit > 9) {
                return NOT_NUMERIC;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    int rows() {
        return rows;
    }

    /** Number of a type in {@code [firstKey, endKey)} of {@link #firstKey}; -1 if it has no key here. */
    int findType(ResourceType type) {
        for (int t = 0; t < types.length; t++) {
            if (types[t].equals(type)) {
                return t;
            }
        }
        return -1;
    }

    int firstKey(int type) {
        return typeKey[type];
    }

    int endKey(int type) {
        return typeKey[type + 1];
    }

    /** The first key of a type whose path is not before the given one; {@link #endKey} if there is none. */
    int ceilingKey(int type, byte[] path) {
        int low = typeKey[type];
        int high = typeKey[type + 1];
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Arrays.compareUnsigned(paths, keyPath[middle], keyPath[middle + 1], path, 0, path.length) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    boolean isPath(int key, byte[] path) {
        return Arrays.equals(paths, keyPath[key], keyPath[key + 1], path, 0, path.length);
    }

    int firstRow(int key) {
        return keyRow[key];
    }

    int endRow(int key) {
        return keyRow[key + 1];
    }

    int keyOf(int row) {
        int found = Arrays.binarySearch(keyRow, row);
        return found >= 0 ? found : -found - 2;
    }

    /** The last row of a key observed at or before {@code time}; -1 if there is none. */
    int lastRow(int key, long time) {
        int low = keyRow[key];
        int high = keyRow[key + 1];
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (observedAt[middle] <= time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == keyRow[key] ? -1 : low - 1;
    }

    ObjectKey key(int key) {
        int found = Arrays.binarySearch(typeKey, key);
        ResourceType type = types[found >= 0 ? found : -found - 2];
        int from = keyPath[key];
        int to = keyPath[key + 1];
        int namespace = namespaceLength.get(key);
        return namespace == 0
                ? new ObjectKey(type, "", text(from, to))
                : new ObjectKey(type, text(from, from + namespace), text(from + namespace + 1, to));
    }

    private String text(int from, int to) {
        return new String(paths, from, to - from, StandardCharsets.UTF_8);
    }

    long observedAt(int row) {
        return observedAt[row];
    }

    long validTo(int row) {
        return row + 1 < rows && Arrays.binarySearch(keyRow, row + 1) < 0 ? observedAt[row + 1] : Long.MAX_VALUE;
    }

    String resourceVersion(int row) {
        return resourceVersion[row] == NOT_NUMERIC ? oddResourceVersion[row] : Long.toString(resourceVersion[row]);
    }

    /** Whether the row's resourceVersion is greater than the given one, whose number is {@code number}, or -1. */
    boolean isNewer(int row, String than, long number) {
        if (number != NOT_NUMERIC && resourceVersion[row] != NOT_NUMERIC) {
            return resourceVersion[row] > number;
        }
        return ResourceVersions.compare(resourceVersion(row), than) > 0;
    }

    /** The number of a resourceVersion, for {@link #isNewer}. */
    static long number(String resourceVersion) {
        byte[] digits = resourceVersion.getBytes(StandardCharsets.UTF_8);
        return number(digits, 0, digits.length);
    }

    Operation operation(int row) {
        return operations[operation[row] >> 1];
    }

    boolean isCarry(int row) {
        return (operation[row] & 1) != 0;
    }

    String uid(int row) {
        return uids.word(uid.get(row));
    }

    String kind(int row) {
        return kinds.word(kind.get(row));
    }

    String fieldManager(int row) {
        return managers.word(manager.get(row));
    }

    /** Where managedFields belong into the body; -1 if there are none. */
    int managedFieldsAt(int row) {
        return managedFieldsAt.get(row) - 1;
    }

    TextPages bodies() {
        return bodies;
    }

    TextPages managedFields() {
        return managedFields;
    }

    /** About how much memory it takes. */
    long weight() {
        long arrays = 17L * rows + 8L * keyRow.length + paths.length;
        long numbers =
                managedFieldsAt.weight() + uid.weight() + kind.weight() + manager.weight() + namespaceLength.weight();
        long words = weight(uids) + weight(kinds) + weight(managers);
        long odd = oddResourceVersion == null ? 0 : 80L * rows;
        return 1000 + arrays + numbers + words + odd + bodies.weight() + managedFields.weight();
    }

    private static long weight(Words words) {
        return words.entries().length + 4L * words.starts().length;
    }
}
