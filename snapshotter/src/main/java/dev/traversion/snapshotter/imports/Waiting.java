/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import com.fasterxml.jackson.core.JsonParseException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * Items of a list whose kind is told only after them, as YAML written in alphabetical order has it. They wait compressed in memory,
 * since what is not masked must not reach a disk, and what is secret depends on the kind.
 */
final class Waiting implements Iterable<byte[]> {

    private static final long MOST_BYTES = 256L << 20;

    private final List<byte[]> items = new ArrayList<>();
    private long size;

    void add(byte[] item) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(item.length / 4 + 64);
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try (DeflaterOutputStream out = new DeflaterOutputStream(compressed, deflater)) {
            out.write(item);
        } finally {
            deflater.end();
        }
        size += compressed.size();
        if (size > MOST_BYTES) {
            throw new JsonParseException(
                    null, "its list has no kind at its beginning, and is too large to wait for it");
        }
        items.add(compressed.toByteArray());
    }

    @Override
    public Iterator<byte[]> iterator() {
        return items.stream().map(Waiting::inflate).iterator();
    }

    private static byte[] inflate(byte[] item) {
        try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(item))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
