/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.reads;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.json.StoredJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Records that were written at once: a line that links them to those before, and a line each.
 *
 * @param bytes as stored, all lines
 */
record Batch(Link link, List<ReadRecord> records, byte[] bytes) {

    private static final String FORMAT = "1.0";
    private static final String MAJOR = "1.";
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The first line.
     *
     * @param sequence from 0 on
     * @param previous hash of the batch before; {@code ""} for the first
     * @param records how many lines follow
     * @param heads newest batches of other chains, by chain
     */
    record Link(String format, String chain, long sequence, String previous, int records, Map<String, Head> heads) {}

    /** A batch by its number and its hash. */
    record Head(long sequence, String hash) {}

    static Batch of(String chain, long sequence, String previous, List<ReadRecord> records, Map<String, Head> heads) {
        Link link = new Link(FORMAT, chain, sequence, previous, records.size(), heads);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            bytes.writeBytes(JSON.writeValueAsBytes(link));
            bytes.write('\n');
            for (ReadRecord record : records) {
                bytes.writeBytes(JSON.writeValueAsBytes(record));
                bytes.write('\n');
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of strings cannot be written as JSON", e);
        }
        return new Batch(link, List.copyOf(records), bytes.toByteArray());
    }

    /** SHA-256 in hex. */
    String hash() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    Head head() {
        return new Head(link.sequence, hash());
    }

    /**
     * The batches of a file.
     *
     * @throws TraversionException if it is damaged, or newer than this version
     */
    static List<Batch> parse(byte[] file, String path) {
        List<Batch> batches = new ArrayList<>();
        int at = 0;
        try {
            while (at < file.length) {
                int start = at;
                at = lineEnd(file, at, path);
                Link link = StoredJson.read(Arrays.copyOfRange(file, start, at), Link.class);
                if (link.format == null || !link.format.startsWith(MAJOR)) {
                    throw new TraversionException(path + " has format " + link.format
                            + ", and this version reads up to " + MAJOR + "x. Update kubectl-traversion to read it.");
                }
                List<ReadRecord> records = new ArrayList<>();
                while (records.size() < link.records) {
                    int line = at;
                    at = lineEnd(file, at, path);
                    records.add(StoredJson.read(Arrays.copyOfRange(file, line, at), ReadRecord.class));
                }
                batches.add(new Batch(link, records, Arrays.copyOfRange(file, start, at)));
            }
        } catch (IOException e) {
            throw new TraversionException(path + " is damaged: byte " + at + " and before is no record of a read.", e);
        }
        return batches;
    }

    private static int lineEnd(byte[] file, int from, String path) {
        for (int i = from; i < file.length; i++) {
            if (file[i] == '\n') {
                return i + 1;
            }
        }
        throw new TraversionException(path + " is damaged: it is cut off at byte " + file.length + ".");
    }
}
