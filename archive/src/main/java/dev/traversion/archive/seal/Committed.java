/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.seal;

import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.part.PartFile;
import dev.traversion.archive.wal.SegmentName;
import java.util.List;
import java.util.Map;

/**
 * What is committed of a recording.
 *
 * @param commit number of the newest commit; 0 if there is none
 * @param parts oldest first
 * @param coverage by type and time
 * @param sealed the last segment of each writer whose changes are in the parts, by writer
 */
public record Committed(
        int commit, List<PartFile> parts, List<CoverageInterval> coverage, Map<String, SegmentName> sealed) {}
