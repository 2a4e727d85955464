/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.testing;

import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A store with one file, of any content. */
public final class OneFileStore implements Store {

    private final String path;
    private final byte[] content;

    public OneFileStore(String path, byte[] content) {
        this.path = path;
        this.content = content;
    }

    @Override
    public String location() {
        return "memory";
    }

    @Override
    public List<StoredFile> list(String prefix) {
        return path.startsWith(prefix) ? List.of(new StoredFile(path, content.length)) : List.of();
    }

    @Override
    public List<String> folders(String prefix) {
        return List.of();
    }

    @Override
    public InputStream read(String asked) throws NoSuchFileException {
        if (!asked.equals(path)) {
            throw new NoSuchFileException(asked);
        }
        return new ByteArrayInputStream(content);
    }

    @Override
    public byte[] read(String asked, long offset, int length) throws NoSuchFileException {
        if (!asked.equals(path)) {
            throw new NoSuchFileException(asked);
        }
        return Arrays.copyOfRange(content, (int) offset, (int) offset + length);
    }

    @Override
    public void create(String asked, byte[] bytes) {
        throw new UnsupportedOperationException("read only");
    }

    @Override
    public void create(String asked, Path file) {
        throw new UnsupportedOperationException("read only");
    }

    @Override
    public void delete(String asked) {
        throw new UnsupportedOperationException("read only");
    }

    @Override
    public void close() {}
}
