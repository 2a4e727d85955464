/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.seal;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.traversion.archive.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a commit added, and the hash of the seal before it: whoever changes an old file breaks the chain.
 *
 * @param format of the seal, {@code 1.0}
 * @param number of the commit it seals
 * @param previous SHA-256 of the seal before it, in hex; {@code ""} for the first
 * @param time of sealing, RFC 3339
 * @param files the files of the commit
 * @param wal the last segment contained, by writer, as {@code <epoch>-<sequence>}
 * @param nodes the newest seal of each table of nodes then; it may be deleted once there is a newer one
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Seal(
        String format,
        int number,
        String previous,
        String time,
        List<SealedFile> files,
        Map<String, String> wal,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<SealedFile> nodes) {

    private static final Pattern PATH = Pattern.compile(".*/seals/(\\d{1,9})\\.json");

    public Seal {
        Objects.requireNonNull(previous, "previous");
        Objects.requireNonNull(files, "files");
        Objects.requireNonNull(wal, "wal");
        nodes = nodes == null ? List.of() : nodes;
    }

    /** The number of the commit whose seal has this path; 0 if it is another file. */
    public static int number(String path) {
        Matcher seal = PATH.matcher(path);
        return seal.matches() ? Integer.parseInt(seal.group(1)) : 0;
    }

    /** In hex. */
    public static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
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

        /**
         * A file as it is now.
         *
         * @param root of the recording in the store
         * @param path in the store
         * @throws java.nio.file.NoSuchFileException if there is none
         */
        public static SealedFile of(Store store, String root, String path) throws IOException {
            MessageDigest digest = digest();
            long bytes;
            try (InputStream in = new DigestInputStream(store.read(path), digest)) {
                bytes = in.transferTo(OutputStream.nullOutputStream());
            }
            return new SealedFile(
                    path.substring(root.length()), bytes, HexFormat.of().formatHex(digest.digest()));
        }
    }
}
