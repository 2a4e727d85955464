/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

/**
 * A committed part, as the table lists it. Within one type the changes of a part all precede those of the next; across types the
 * stretches of neighbouring parts may overlap a little, since changes of different types are observed by different threads.
 *
 * @param path in the store
 * @param start ns: the end of the part before it, or the time of its own earliest change if that is earlier. Its carry rows are
 *     the objects alive after the part before it
 * @param end ns: not before any of its changes, nor before the end of the part before it
 * @param rows carry rows included
 * @param bytes of the file
 */
public record PartFile(String path, long start, long end, long rows, long bytes) {}
