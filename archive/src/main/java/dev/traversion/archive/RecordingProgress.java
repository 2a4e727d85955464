/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

/**
 * Totals of a writer since it was opened.
 *
 * @param changes versions synced to the WAL
 * @param walBytes bytes written to the WAL
 * @param unsealedChanges versions in the WAL which are in no committed part yet
 * @param sealedParts parts committed
 * @param sealedBytes bytes of those parts
 * @param failedUploads attempts to write to the store that failed (and are retried)
 * @param storeProblem why the store could not be written the last time; {@code ""} if it could
 * @param stalled why nothing can be written at present, such as a full disk; {@code ""} if it can
 */
public record RecordingProgress(
        long changes,
        long walBytes,
        long unsealedChanges,
        long sealedParts,
        long sealedBytes,
        long failedUploads,
        String storeProblem,
        String stalled) {}
