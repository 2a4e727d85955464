/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.seal;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a commit added, and the hash of the seal before it: whoever changes an old file breaks the chain.
 *
 * @param format of the seal, {@code 1.0}
 * @param number of the commit it seals
 * @param previous SHA-256 of the seal before it, in hex; {@code ""} for the first
 * @param time of sealing, RFC 3339
 * @param files the data files of the commit
 * @param wal the last segment contained, by writer, as {@code <epoch>-<sequence>}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Seal(
        String format, int number, String previous, String time, List<SealedFile> files, Map<String, String> wal) {

    public Seal {
        Objects.requireNonNull(previous, "previous");
        Objects.requireNonNull(files, "files");
        Objects.requireNonNull(wal, "wal");
    }

    /**
     * @param path in the recording
     * @param bytes its size
     * @param sha256 in hex
     */
    public record SealedFile(String path, long bytes, String sha256) {

        public SealedFile {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(sha256, "sha256");
        }
    }
}
