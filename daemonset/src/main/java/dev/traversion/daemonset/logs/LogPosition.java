/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.logs;

/**
 * How far a log was read. Positions count its bytes from where it was first read, through all its files.
 *
 * @param inode of the file in which to go on; 0 for none yet
 * @param offset in that file, between two lines
 * @param position at that offset
 * @param taken the position after the last line that was taken: those up to it are not taken again
 * @param read when it was last read, ms since 1970
 */
record LogPosition(long inode, long offset, long position, long taken, long read) {

    /** The same, knowing of a later line. */
    LogPosition taken(long later) {
        return later <= taken ? this : new LogPosition(inode, offset, position, later, read);
    }
}
