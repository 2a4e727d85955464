/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.coverage;

import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.parquet.Column;
import dev.traversion.archive.parquet.Column.Kind;
import dev.traversion.archive.parquet.Compression;
import dev.traversion.archive.parquet.ParquetFile;
import dev.traversion.archive.parquet.ParquetWriter;
import dev.traversion.archive.parquet.TableSchema;
import dev.traversion.archive.parquet.Words;
import dev.traversion.archive.parquet.WrittenFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The table of coverage: per type, stretches of time observed without loss, and declared gaps. Rows that say the same and touch are
 * one stretch. What no row covers was not observed.
 */
public final class CoverageSchema {

    static final String GROUP = "group";
    static final String RESOURCE = "resource";

    /** Times are ns since the epoch, {@code to_time} exclusive. */
    static final String FROM_TIME = "from_time";

    static final String TO_TIME = "to_time";
    static final String FROM_VERSION = "from_version";
    static final String TO_VERSION = "to_version";
    static final String OBSERVED = "observed";
    static final String REASON = "reason";

    public static final TableSchema TABLE = new TableSchema(List.of(
            new Column(GROUP, 1, Kind.WORD),
            new Column(RESOURCE, 2, Kind.WORD),
            new Column(FROM_TIME, 3, Kind.LONG),
            new Column(TO_TIME, 4, Kind.LONG),
            new Column(FROM_VERSION, 5, Kind.WORD),
            new Column(TO_VERSION, 6, Kind.WORD),
            new Column(OBSERVED, 7, Kind.BOOLEAN),
            new Column(REASON, 8, Kind.WORD)));

    private CoverageSchema() {}

    /** Writes intervals to a new file, which must be stored under the name the result gives. */
    public static WrittenFile write(Path path, List<CoverageInterval> intervals) throws IOException {
        try (ParquetWriter file = new ParquetWriter(path, TABLE, Compression.QUICK, "")) {
            for (CoverageInterval interval : intervals) {
                file.words(GROUP).add(interval.type().group());
                file.words(RESOURCE).add(interval.type().resource());
                file.longs(FROM_TIME).add(interval.from());
                file.longs(TO_TIME).add(interval.to());
                file.words(FROM_VERSION).add(interval.fromVersion());
                file.words(TO_VERSION).add(interval.toVersion());
                file.booleans(OBSERVED).add(interval.observed());
                file.words(REASON).add(interval.reason());
                file.endRow();
            }
            return file.finish(Map.of("traversion.format", "1.0"));
        }
    }

    /**
     * Reads a file of the table.
     *
     * @param name the name it is stored under, with its folder
     */
    public static List<CoverageInterval> read(Path path, String name) throws IOException {
        ParquetFile file = ParquetFile.open(path, name, TABLE);
        List<CoverageInterval> intervals = new ArrayList<>();
        for (int group = 0; group < file.groups(); group++) {
            Words groups = file.words(group, GROUP);
            Words resources = file.words(group, RESOURCE);
            long[] from = file.longs(group, FROM_TIME);
            long[] to = file.longs(group, TO_TIME);
            Words fromVersions = file.words(group, FROM_VERSION);
            Words toVersions = file.words(group, TO_VERSION);
            boolean[] observed = file.booleans(group, OBSERVED);
            Words reasons = file.words(group, REASON);
            for (int row = 0; row < file.rows(group); row++) {
                intervals.add(new CoverageInterval(
                        new ResourceType(word(groups, row), word(resources, row)),
                        from[row],
                        to[row],
                        word(fromVersions, row),
                        word(toVersions, row),
                        observed[row],
                        word(reasons, row)));
            }
        }
        return intervals;
    }

    private static String word(Words words, int row) {
        return words.word(words.ids()[row]);
    }
}
