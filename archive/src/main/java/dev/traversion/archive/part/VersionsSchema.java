/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.parquet.Column;
import dev.traversion.archive.parquet.Column.Kind;
import dev.traversion.archive.parquet.TableSchema;
import java.util.List;

/**
 * The table of versions. Rows are sorted by (group, resource, namespace/name, resource_version); times are ns since the epoch.
 *
 * <p>The state at T of one part, {@code part_start <= T}: the rows with {@code observed_at <= T and T < valid_to and operation <>
 * 'DELETED'}.
 */
public final class VersionsSchema {

    public static final String PART_START = "part_start";
    public static final String PART_END = "part_end";
    public static final String GROUP = "group";
    public static final String RESOURCE = "resource";
    public static final String KIND = "kind";
    public static final String NAMESPACE = "namespace";
    public static final String NAME = "name";
    public static final String UID = "uid";
    public static final String RESOURCE_VERSION = "resource_version";
    public static final String OBSERVED_AT = "observed_at";

    /** When the part's next version of the same key was observed; {@link Long#MAX_VALUE} if it has none. */
    public static final String VALID_TO = "valid_to";

    /** Name of an {@link dev.traversion.archive.Operation}. */
    public static final String OPERATION = "operation";

    /** Whether the row repeats a version of an earlier part: the object was alive at the part's start. */
    public static final String CARRY = "carry";

    public static final String FIELD_MANAGER = "field_manager";

    /** For MODIFIED, see {@link dev.traversion.archive.json.ChangedPaths}; else empty. */
    public static final String CHANGED_PATHS = "changed_paths";

    /** The object without managedFields; {@code ""} for the deletion of an object that was never seen. */
    public static final String BODY = "body";

    /** The value of metadata.managedFields; {@code ""} if there is none. */
    public static final String MANAGED_FIELDS = "managed_fields";

    /** Offset in {@code body} at which they were cut out; -1 if there are none. */
    public static final String MANAGED_FIELDS_AT = "managed_fields_at";

    public static final TableSchema TABLE = new TableSchema(List.of(
            new Column(PART_START, 1, Kind.LONG),
            new Column(PART_END, 2, Kind.LONG),
            new Column(GROUP, 3, Kind.WORD),
            new Column(RESOURCE, 4, Kind.WORD),
            new Column(KIND, 5, Kind.WORD),
            new Column(NAMESPACE, 6, Kind.WORD),
            new Column(NAME, 7, Kind.WORD),
            new Column(UID, 8, Kind.WORD),
            new Column(RESOURCE_VERSION, 9, Kind.TEXT),
            new Column(OBSERVED_AT, 10, Kind.LONG),
            new Column(VALID_TO, 11, Kind.LONG),
            new Column(OPERATION, 12, Kind.WORD),
            new Column(CARRY, 13, Kind.BOOLEAN),
            new Column(FIELD_MANAGER, 14, Kind.WORD),
            new Column(CHANGED_PATHS, 15, Kind.WORDS, 16),
            new Column(BODY, 17, Kind.TEXT),
            new Column(MANAGED_FIELDS, 18, Kind.TEXT),
            new Column(MANAGED_FIELDS_AT, 19, Kind.INT)));

    /** The format of parts this version writes, and the newest it reads. The major part changes when older readers would err. */
    public static final String FORMAT = "1.0";

    static final String FORMAT_PROPERTY = "traversion.format";
    static final String START_PROPERTY = "traversion.part-start";
    static final String END_PROPERTY = "traversion.part-end";

    /** A line per type, fields separated by tabs; see {@link TypeRange}. */
    static final String TYPES_PROPERTY = "traversion.types";

    /** A line per row group: its rows, and the group, resource and path of its first key, separated by tabs. */
    static final String KEYS_PROPERTY = "traversion.keys";

    private VersionsSchema() {}
}
