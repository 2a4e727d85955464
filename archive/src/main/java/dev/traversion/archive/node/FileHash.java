/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import dev.traversion.archive.TraversionException;
import dev.traversion.archive.parquet.WrittenFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file's name begins with the SHA-256 of its bytes, so that whatever names it in a commit says what is in it. Older ones have none. */
final class FileHash {

    private static final Pattern NAME = Pattern.compile(".*/([0-9a-f]{64})-[^/]*");

    private FileHash() {}

    static WrittenFile named(WrittenFile file) throws IOException {
        String name = sha256(file.path()) + "-" + file.name();
        return new WrittenFile(file.path(), name, file.rows(), file.bytes(), file.columns(), file.splits());
    }

    /** @throws TraversionException if it has another one than its name says */
    static void check(Path file, String storedAs) throws IOException {
        Matcher name = NAME.matcher(storedAs);
        if (name.matches() && !name.group(1).equals(sha256(file))) {
            throw new TraversionException(
                    storedAs
                            + " is damaged: its bytes do not give the SHA-256 in its name. `kubectl traversion repair` leaves it out.");
        }
    }

    private static String sha256(Path file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
