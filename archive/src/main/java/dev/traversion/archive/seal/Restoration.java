/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.seal;

import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.parquet.WrittenFile;
import dev.traversion.archive.part.PartFile;
import dev.traversion.archive.wal.SegmentName;
import java.util.List;
import java.util.Map;

/**
 * What a recording is to consist of, whatever its newest commits say.
 *
 * @param versionsBase the commit of parts that is built on; 0 if none can be read
 * @param versionsLast the last commit of parts that was made, whether it can be read or not
 * @param coverageBase likewise, of coverage
 * @param coverageLast likewise
 * @param parts all parts that are in the store
 * @param tail another part, not stored yet; null if there is none
 * @param coverage all of it
 * @param segments the last segment of the log that is in parts, by writer
 * @param record the {@link RepairRecord}, in the store
 */
public record Restoration(
        int versionsBase,
        int versionsLast,
        int coverageBase,
        int coverageLast,
        List<PartFile> parts,
        NewTail tail,
        List<CoverageInterval> coverage,
        Map<String, SegmentName> segments,
        String record) {

    /**
     * A finished part.
     *
     * @param start ns
     */
    public record NewTail(WrittenFile file, long start) {}
}
