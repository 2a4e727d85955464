/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import dev.traversion.archive.part.PartFile;
import dev.traversion.archive.part.VersionSource;
import java.util.List;

/**
 * All that is stored of one recording at one moment: a consistent cut, in which every change is in exactly one part or in the tail.
 * Immutable; what it refers to stays readable while it is referred to, whatever is committed or deleted meanwhile (files that
 * retention has deleted excepted).
 *
 * @param parts committed parts, oldest first
 * @param tail the changes after those of the last part
 * @param coverage of all types, by type and time
 * @param start the first instant of which anything is known, ns
 * @param end the last instant of which anything is known, ns: the newest change or coverage mark
 * @param live whether a recorder is still adding to it
 */
public record RecordingState(
        List<PartFile> parts,
        VersionSource tail,
        List<CoverageInterval> coverage,
        long start,
        long end,
        boolean live) {}
